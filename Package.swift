// swift-tools-version: 6.3
import PackageDescription

// The target graph is the architecture: `Tests/ArchitectureTests` reads the imports of every
// source file and fails on an edge that is not declared here.
let package = Package(
    name: "ntklab",
    products: [
        .executable(name: "ntklab", targets: ["ntklab"]),
        .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
        .library(name: "Networks", targets: ["Networks"]),
        .library(name: "TangentKernels", targets: ["TangentKernels"]),
        .library(name: "Training", targets: ["Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // System libraries: an anchor header each, for the flags of pkg-config.
        systemLibrary("COpenBLAS", pkgConfig: "openblas", package: "libopenblas-dev"),
        systemLibrary("CHDF5Library", pkgConfig: "hdf5", package: "libhdf5-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        systemLibrary("CZip", pkgConfig: "libzip", package: "libzip-dev"),
        systemLibrary("CXXHash", pkgConfig: "libxxhash", package: "libxxhash-dev"),

        // C: plain types only in the headers.
        .target(name: "CLinearAlgebra", dependencies: ["COpenBLAS"]),
        .target(
            name: "CHDF5", dependencies: ["CHDF5Library"], linkerSettings: [.linkedLibrary("hdf5_hl")]),
        .target(name: "CFiles", dependencies: ["CZlib", "CZip", "CXXHash"]),
        .target(name: "CAllocation"),

        // The libraries.
        .target(
            name: "LinearAlgebra",
            dependencies: ["CLinearAlgebra", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Sampling", dependencies: [.product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "HDF5", dependencies: ["CHDF5", "CFiles"]),
        .target(
            name: "Networks",
            dependencies: ["LinearAlgebra", "Sampling", .product(name: "RealModule", package: "swift-numerics")]),
        .target(
            name: "Datasets",
            dependencies: [
                "LinearAlgebra", "Sampling", "HDF5", "CFiles",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "TangentKernels",
            dependencies: ["Networks", "LinearAlgebra", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Landscape", dependencies: ["Networks", "LinearAlgebra", "Sampling"]),
        .target(
            name: "Training",
            dependencies: [
                "Networks", "Datasets", "TangentKernels", "Landscape", "LinearAlgebra", "Sampling",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Theory",
            dependencies: ["LinearAlgebra", "Sampling", .product(name: "RealModule", package: "swift-numerics")]),
        .target(
            name: "Reports", dependencies: [.product(name: "Mustache", package: "swift-mustache")],
            resources: [.embedInCode("Templates/page.mustache"), .embedInCode("Templates/figure.mustache")]),
        .target(
            name: "Lab",
            dependencies: [
                "LinearAlgebra", "Sampling", "HDF5", "Networks", "Datasets", "TangentKernels", "Landscape", "Training",
                "Theory", "Reports", "CFiles", .product(name: "Yams", package: "Yams"),
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            resources: [.embedInCode("Studies/Configs")]),
        .executableTarget(
            name: "ntklab",
            dependencies: [
                "CAllocation", "Lab", "LinearAlgebra", "TangentKernels", "Theory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests, a target each, and what they share.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "Sampling", "TestSupport"]),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling"]),
        .testTarget(name: "NetworksTests", dependencies: ["Networks", "TangentKernels", "Sampling"]),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "TestSupport"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "TestSupport"], exclude: ["Files"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "TangentKernels", "Landscape", "Sampling", "AllocationCounter"]),
        .testTarget(name: "TheoryTests", dependencies: ["Theory", "LinearAlgebra", "Sampling"]),
        .testTarget(
            name: "LabTests", dependencies: ["Lab", "ntklab", "Reports", "Theory", "Sampling", "TestSupport"],
            exclude: ["References", "Pages", "Shims", "Fuzz"]),
    ]
)

/// An installed C library: its flags come from pkg-config, its headers stay inside our C targets.
func systemLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}
