import Configurations

/// Which steps a run takes.
extension TrainingConfiguration {
    /// Whether they go along gradients of F, with momentum or without: neither Adam's, nor those of another loss.
    package var descendsGradient: Bool { !optimizer.isAdam && elimination == nil }
    /// Whether each is −ηg of F, which depends on no step before it.
    package var takesPlainSteps: Bool { optimizer.isPlain && elimination == nil }
}
