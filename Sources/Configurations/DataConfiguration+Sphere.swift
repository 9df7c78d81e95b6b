import Datasets

extension DataConfiguration {
    private enum Targets: String, CaseIterable { case classes, gaussian, teacher }

    /// Keys of `source: sphere`.
    static func sphere(
        _ section: ConfigSection, _ count: Int, _ seed: UInt64
    ) -> @Sendable () throws -> RawSamples {
        let dimension = section.integer(
            "dimension", default: 16, in: 2...(1 << 24), "d, coordinates of a point, the fixed one included")
        let separation = section.number(
            "separation", default: 0, in: 0...2, "δ, least distance of two points; 0 for independent points")
        let targets = section.choice(
            "answers", default: Targets.classes, "random classes, y ~ N(0, 1), or a random two-layer ReLU network")
        let classes = section.integer("class_count", default: 2, in: 2...(1 << 16), "K, for answers: classes")
        let width = section.integer("teacher_width", default: 3, in: 1...(1 << 20), "neurons, for answers: teacher")
        let noise = section.number(
            "teacher_noise", default: 0, in: 0...1e6, "standard deviation of noise on the teacher's answers")
        let hasBias = section.node?.mapping?["bias_coordinate"]?.truth ?? false
        let kind: SphereGenerator.Targets =
            switch targets {
            case .classes: .classes(classes)
            case .gaussian: .gaussian
            case .teacher: .teacher(width: width, noise: noise)
            }
        let generator = SphereGenerator(
            count: count, dimension: dimension, hasBiasCoordinate: hasBias, separation: separation, targets: kind,
            seed: seed)
        return { try generator.generate() }
    }
}
