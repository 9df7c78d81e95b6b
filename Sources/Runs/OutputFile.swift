import HDF5
import LinearAlgebra

/// `outputs.h5`: f of all training and test samples at the end of a run, /train/outputs and /test/outputs [n, K].
package struct OutputFile<S: Scalar & HDF5Element> {
    package let step: Int
    package let train: MatrixBuffer<S>
    package let test: MatrixBuffer<S>?

    package init(step: Int, train: MatrixBuffer<S>, test: MatrixBuffer<S>?) {
        self.step = step
        self.train = train
        self.test = test
    }

    package func write(to path: String, _ header: FileHeader) throws {
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
