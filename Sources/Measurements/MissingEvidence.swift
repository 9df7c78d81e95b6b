/// What a statement needs and a run does not have: a measurement, or steps that were not taken.
///
/// How to get it is for the program to say that made the run. Two parts of a statement that lack the same give equal
/// values.
public indirect enum MissingEvidence: Sendable, Hashable {
    // MARK: The run itself

    /// A configuration that can be read: loss, arithmetic and batches are unknown without it.
    case configuration
    /// F along the run.
    case trainingLoss
    /// The share of training samples that are right.
    case trainingAccuracy

    // MARK: More of the descent

    /// Rows at more of its steps.
    case moreMeasurements
    /// A row at each step.
    case everyStep
    /// The first steps, which go farthest.
    case firstSteps
    /// Steps after the last one.
    case longerRun
    /// Steps until the loss that was asked for.
    case wholeDescent
    /// Steps after the last one, at a rate that has fallen less by then.
    case longerSchedule
    /// `about` more steps, `total` in all, after which F/F_0 would be `ratio`.
    case moreSteps(about: Int, total: Int, ratio: Double)
    /// Steps after the growth of the loss that ended the run.
    case stepsPastDivergence
    /// Steps that are shorter.
    case smallerSteps
    /// A loss that is smaller when the run ends: F/F_0 below `ratio`, F below `loss`, where they are known.
    case smallerLoss(ratio: Double? = nil, loss: Double? = nil)
    /// A loss at which all samples are right, below the ratio F/F_0 that was asked for.
    case rightSamples(below: Double)
    /// The same descent in arithmetic that rounds less.
    case smallerRoundoff

    // MARK: Gradients and weights

    /// ‖∇F‖.
    case gradientNorm
    /// ‖W_t − W_0‖ of each tensor.
    case weightDrift
    /// Units of ReLU layers whose sign changed.
    case patternFlips
    /// Norms and separations in ReLU layers at the start; of all samples where their number is given.
    case initialization(samples: Int? = nil)

    /// The value at the end beside the Jacobian's range.
    case minimum
    /// The risk over the population at the end.
    case population
    /// Stationary points of the same.
    case populationPoints
    /// More training samples.
    case moreSamples

    // MARK: Kernels and predictions

    /// The kernel of all training samples, as many as are given, and all outputs.
    case kernel(samples: Int?)
    /// Kernels with smaller errors of their eigenvalues.
    case precisionOfKernels
    /// Kernels at more steps.
    case moreKernels
    /// The outputs that Θ_0 predicts.
    case prediction
    /// The network in place of its linearization.
    case networkItself

    // MARK: Landscapes

    /// The loss around the weights.
    case landscape
    /// Landscapes at more steps.
    case moreLandscapes
    /// Landscapes at more steps, or more steps of descent.
    case moreLandscapesOrSteps
    /// The loss around the weights at the end of the run, and more.
    case landscapeAtTheEnd(and: MissingEvidence)

    // MARK: Steps on batches

    /// At least so many batches at each measurement, and more.
    case batches(Int, and: MissingEvidence?)
    /// Batches at each measurement, more than there were, and more.
    case moreBatches(and: MissingEvidence)
    /// Measurements at other steps of an epoch of so many.
    case otherPlaces(ofEpoch: Int)
    /// Descent without momentum, whose steps are those that are measured.
    case stepsWithoutMomentum
    /// Gradient descent in place of Adam.
    case gradientDescent
    /// Descent on F, without parameters beside the network's.
    case descentOnLoss
    /// What tells rows without batches from those whose mean is no number.
    case rowsWithoutBatches
}

extension MissingEvidence {
    /// Whether it takes eigenvalues of the whole kernel.
    public var needsSpectrum: Bool {
        switch self {
        case .kernel, .prediction: true
        default: false
        }
    }

    /// Whether it takes the loss around the weights.
    public var needsLandscape: Bool {
        switch self {
        case .landscape, .moreLandscapes, .moreLandscapesOrSteps, .landscapeAtTheEnd: true
        default: false
        }
    }
}

extension RunEvidence {
    /// More rows, or more steps where each of them is a row.
    package var moreRows: MissingEvidence {
        let steps = (series.steps.last ?? 0) - (series.steps.first ?? 0) + 1
        return series.steps.count < steps ? .moreMeasurements : longerRun
    }

    /// More steps, at a rate that moves something.
    package var longerRun: MissingEvidence {
        let rates = series.known(.learningRate).map(\.value)
        let isSpent = rates.last ?? 1 < 1e-6 * (rates.first ?? 1)
        return isSpent ? .longerSchedule : .longerRun
    }

    /// The kernel whose eigenvalues bound the descent.
    package var wholeKernel: MissingEvidence { .kernel(samples: setting.samples < Int.max ? setting.samples : nil) }

    /// What would resolve a smallest eigenvalue that its error hides; nil where kernels have the most digits already.
    package var smallerErrors: MissingEvidence? { setting.kernelIsDouble ? nil : .precisionOfKernels }
}
