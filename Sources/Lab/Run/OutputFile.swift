import HDF5
import LinearAlgebra
import Networks
import Training

/// `outputs.h5`: f of all training and test samples at the end of a run, /train/outputs and /test/outputs [n, K].
struct OutputFile<S: Scalar & HDF5Element> {
    let step: Int
    let train: Matrix<S>
    let test: Matrix<S>?

    init(_ experiment: Experiment<S>, _ function: TrainedFunction<S>, _ w: ParameterVector<S>, step: Int) {
        self.step = step
        train = function.outputs(w, on: experiment.train)
        test = experiment.test.map { function.outputs(w, on: $0) }
    }

    func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: "ntklab-outputs")
            try file.attribute("step", step)
            for (set, outputs) in [("train", train), ("test", test)] {
                guard let outputs else { continue }
                try file.dataset(
                    "/\(set)/outputs", UnsafePointer(outputs.base), shape: [outputs.rows, outputs.columns],
                    attributes: ["layout": "sample,output", "units": "1", "long_name": "outputs f at the end"])
            }
        }
    }
}
