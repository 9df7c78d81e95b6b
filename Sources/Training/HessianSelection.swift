import Landscape
import LinearAlgebra
import Measurements
import Networks

/// When and what of the Hessian is measured along a run.
package struct HessianSelection: Sendable, Equatable {
    package let options: HessianOptions
    /// The first samples of the training set; no more than there are.
    package let samples: Int
    /// Arithmetic of the products; that of the run where nil.
    package let precision: Precision?
    package let steps: TrackedSteps

    package init(
        options: HessianOptions = HessianOptions(), samples: Int = .max, precision: Precision? = nil,
        steps: TrackedSteps = .logarithmic(perDecade: 1)
    ) {
        self.options = options
        self.samples = samples
        self.precision = precision
        self.steps = steps
    }

    package var isMeasured: Bool { options.top > 0 }
}

/// The ends of the Hessian's spectrum along the run, with its trace.
struct HessianKind: ProbeKind {
    var option: ProbeOption? { nil }
    var part: ProbeParts { .hessian }
    var families: [MetricFamily] {
        [
            .hessianLambdaMax, .hessianLambdaMaxError, .hessianLambdaMin, .hessianLambdaMinError, .hessianSharpness,
            .hessianResidualShare, .hessianTrace, .hessianTraceError,
        ]
    }
    func remedy(_ metric: String) -> String {
        switch metric {
        case MetricFamily.hessianLambdaMin.name, MetricFamily.hessianLambdaMinError.name:
            "tracking.hessian: {top: 1, bottom: 1}"
        case MetricFamily.hessianTrace.name, MetricFamily.hessianTraceError.name:
            "tracking.hessian: {top: 1, trace: true}"
        default: "tracking.hessian: {top: 1}"
        }
    }

    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool {
        let options = selection.hessian.options
        return switch family {
        case .hessianLambdaMin, .hessianLambdaMinError: selection.hessian.isMeasured && options.bottom > 0
        case .hessianTrace, .hessianTraceError: selection.hessian.isMeasured && options.hasTrace
        default: selection.hessian.isMeasured
        }
    }

    /// A surface with what its passes hold, and the vectors of Lanczos.
    func bytes(_ cost: ProbeCost) -> Double {
        let selection = cost.selection.hessian
        guard selection.isMeasured else { return 0 }
        let samples = min(selection.samples, cost.samples)
        let model = cost.model
        let data = samples * (model.inputCount + model.outputCount)
        let pass = min(samples, cost.rows) * LossSurface<Float>.count(model)
        let vectors = (selection.options.vectorCount + 7) * model.layout.count
        return Double((data + pass + vectors) * (selection.precision ?? cost.precision).byteCount)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) -> (any Probe<S>)? {
        run.selection.hessian.isMeasured ? HessianProbe(run, run.selection.hessian) : nil
    }
}
