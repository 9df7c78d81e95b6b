import Certificates
import Runs

/// What `train` and `resume` hand back: where the run is and how it ended.
package struct TrainedRun: Sendable {
    package let path: String
    package let record: RunRecord
    /// Loss and accuracy where they were measured last.
    package let scores: Scores
}
