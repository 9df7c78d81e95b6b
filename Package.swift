// swift-tools-version: 6.3
import PackageDescription

// The target graph is the architecture: `Tests/ArchitectureTests` reads the imports of every
// source file and fails on an edge that is not declared here.
let package = Package(
    name: "ntklab",
    products: [
        .executable(name: "ntklab", targets: ["ntklab"]),
        .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
        .library(name: "Sampling", targets: ["Sampling"]),
        .library(name: "Files", targets: ["Files"]),
        .library(name: "HDF5", targets: ["HDF5"]),
        .library(name: "Networks", targets: ["Networks"]),
        .library(name: "Layers", targets: ["Layers"]),
        .library(name: "TangentKernels", targets: ["TangentKernels"]),
        .library(name: "Training", targets: ["Training"]),
        .library(name: "Statistics", targets: ["Statistics"]),
        .library(name: "ScalingLaws", targets: ["ScalingLaws"]),
        .library(name: "Measurements", targets: ["Measurements"]),
        .library(name: "Theory", targets: ["Theory"]),
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
        // Debian's liblbfgsb-dev, which has no pkg-config file.
        .target(name: "CLBFGSB", linkerSettings: [.linkedLibrary("lbfgsb")]),

        // The libraries.
        .target(
            name: "LinearAlgebra",
            dependencies: ["CLinearAlgebra", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Sampling", dependencies: [.product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Files", dependencies: ["CFiles"]),
        .target(name: "HDF5", dependencies: ["CFiles", "CHDF5", "Files"]),
        .target(
            name: "Networks",
            dependencies: ["LinearAlgebra", "Sampling", .product(name: "RealModule", package: "swift-numerics")]),
        .target(
            name: "Layers",
            dependencies: ["LinearAlgebra", "Networks", .product(name: "RealModule", package: "swift-numerics")]),
        .target(
            name: "Datasets",
            dependencies: [
                "CFiles", "Files", "HDF5", "LinearAlgebra", "Sampling",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "TangentKernels",
            dependencies: ["LinearAlgebra", "Networks", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Alignment", dependencies: ["LinearAlgebra", "Networks", "Sampling"]),
        .target(name: "Landscape", dependencies: ["LinearAlgebra", "Networks", "Sampling"]),
        .target(name: "Sharpness", dependencies: ["CLBFGSB", "Landscape", "LinearAlgebra", "Networks", "Sampling"]),
        .target(name: "Minima", dependencies: ["Landscape", "LinearAlgebra", "Networks", "TangentKernels"]),
        .target(
            name: "Training",
            dependencies: [
                "Datasets", "Landscape", "LinearAlgebra", "Measurements", "Minima", "Networks", "Populations",
                "Sampling", "Sharpness", "TangentKernels",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Statistics",
            dependencies: ["LinearAlgebra", "Sampling", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "StationaryPoints", dependencies: ["LinearAlgebra", "Sampling", "Statistics"]),
        .target(
            name: "SpinGlasses",
            dependencies: [
                "LinearAlgebra", "Sampling", "StationaryPoints", "Statistics",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Populations",
            dependencies: [
                "Landscape", "Layers", "LinearAlgebra", "Networks", "Sampling", "StationaryPoints",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "ScalingLaws", dependencies: ["Statistics", .product(name: "RealModule", package: "swift-numerics")]),
        .target(name: "Measurements"),
        .target(
            name: "Descents",
            dependencies: ["Measurements", "Statistics", .product(name: "RealModule", package: "swift-numerics")]),
        .target(
            name: "Theory",
            dependencies: [
                "Descents", "Measurements", "Statistics", .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(name: "Programs"),
        .target(
            name: "Reports",
            dependencies: ["Files", "Programs", .product(name: "Mustache", package: "swift-mustache")],
            resources: [.embedInCode("Templates/page.mustache"), .embedInCode("Templates/figure.mustache")]),
        .target(name: "Console", dependencies: ["CFiles", "Files"]),
        .target(name: "Claims", dependencies: ["Console", "Files"]),
        .target(name: "Launchers", dependencies: ["Console", "Files", "Programs"]),
        .target(name: "RunFolders", dependencies: ["Console", "Files"]),
        .target(
            name: "Configurations",
            dependencies: [
                "Console", "Datasets", "Files", "Landscape", "Layers", "LinearAlgebra", "Networks", "Populations",
                "RunFolders", "ScalingLaws", "Statistics", "TangentKernels", "Theory", "Training",
                .product(name: "Yams", package: "Yams"),
            ]),
        .target(
            name: "Runs",
            dependencies: [
                "Configurations", "Console", "Datasets", "Files", "HDF5", "Landscape", "LinearAlgebra", "Measurements",
                "Networks", "RunFolders", "Statistics", "TangentKernels", "Training",
            ]),
        .target(
            name: "Certificates",
            dependencies: [
                "Configurations", "Console", "Files", "HDF5", "LinearAlgebra", "Measurements", "RunFolders", "Runs",
                "Statistics", "TangentKernels", "Theory", "Training",
            ]),
        .target(
            name: "WeightFiles",
            dependencies: [
                "CFiles", "Configurations", "Console", "Datasets", "Files", "HDF5", "Layers", "LinearAlgebra",
                "Networks", "Runs",
            ]),
        .target(
            name: "Execution",
            dependencies: [
                "Certificates", "Configurations", "Console", "Datasets", "Files", "HDF5", "LinearAlgebra",
                "Measurements", "Networks", "Populations", "RunFolders", "Runs", "Sampling", "Statistics",
                "TangentKernels",
                "Theory", "Training", "WeightFiles", .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "KernelJobs",
            dependencies: [
                "Claims", "Configurations", "Console", "Execution", "Files", "HDF5", "Launchers", "LinearAlgebra",
                "Networks", "RunFolders", "Runs", "Sampling", "Statistics", "TangentKernels",
            ]),
        .target(
            name: "SpectrumJobs",
            dependencies: [
                "Configurations", "Console", "Execution", "Files", "HDF5", "Landscape", "LinearAlgebra", "Networks",
                "RunFolders", "Runs", "Sampling", "Statistics", "TangentKernels",
            ]),
        .target(
            name: "SharpnessJobs",
            dependencies: [
                "Configurations", "Console", "Execution", "Files", "HDF5", "Landscape", "LinearAlgebra", "Networks",
                "RunFolders", "Runs", "Sharpness", "Statistics",
            ]),
        .target(
            name: "StationaryJobs",
            dependencies: [
                "Alignment", "Configurations", "Console", "Datasets", "Execution", "Files", "HDF5", "Landscape",
                "LinearAlgebra", "Networks", "RunFolders", "Runs", "Sampling", "StationaryPoints", "Statistics",
            ]),
        .target(
            name: "Connections",
            dependencies: [
                "Alignment", "Configurations", "Console", "Datasets", "Execution", "Files", "HDF5", "Landscape",
                "LinearAlgebra", "Networks", "RunFolders", "Runs", "Training",
            ]),
        .target(
            name: "Cells",
            dependencies: [
                "Certificates", "Claims", "Configurations", "Console", "Datasets", "Execution", "Files", "HDF5",
                "LinearAlgebra", "Measurements", "RunFolders", "Runs", "ScalingLaws", "Training", "WeightFiles",
            ]),
        .target(
            name: "Sweeps",
            dependencies: [
                "Cells", "Certificates", "Claims", "Configurations", "Console", "Execution", "Files", "HDF5",
                "Launchers", "Layers", "LinearAlgebra", "Measurements", "RunFolders", "Runs", "ScalingLaws",
                "Statistics", "Training",
            ]),
        .target(
            name: "Studies",
            dependencies: [
                "Cells", "Certificates", "Configurations", "Console", "Datasets", "Execution", "Files", "Measurements",
                "RunFolders", "Runs", "ScalingLaws", "SpinGlasses", "Statistics", "Sweeps", "Training",
            ], resources: [.embedInCode("Configs")]),
        .target(
            name: "Exchange",
            dependencies: [
                "Certificates", "Configurations", "Console", "Datasets", "Execution", "Files", "HDF5", "Layers",
                "LinearAlgebra", "Networks", "RunFolders", "Runs", "Statistics", "Training", "WeightFiles",
            ]),
        .target(
            name: "Reporting",
            dependencies: [
                "Cells", "Certificates", "Configurations", "Console", "Datasets", "Descents", "Files", "HDF5", "Layers",
                "LinearAlgebra", "Measurements", "Networks", "Reports", "RunFolders", "Runs", "ScalingLaws",
                "Statistics", "Studies", "Sweeps", "Theory", "Training",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Verification",
            dependencies: [
                "Console", "Files", "HDF5", "Landscape", "Layers", "LinearAlgebra", "Networks", "Runs",
                "TangentKernels", "Training",
            ]),
        .target(
            name: "Benchmarks",
            dependencies: [
                "Cells", "Claims", "Console", "Execution", "Files", "Landscape", "Layers", "LinearAlgebra", "Networks",
                "Runs", "Sampling", "Statistics", "Sweeps", "TangentKernels", "Training",
            ]),
        .executableTarget(
            name: "ntklab",
            dependencies: [
                "Benchmarks", "CAllocation", "Cells", "Certificates", "Claims", "Configurations", "Connections",
                "Console", "Datasets", "Exchange", "Execution", "Files", "HDF5", "KernelJobs", "Launchers",
                "LinearAlgebra", "Networks", "Reporting", "RunFolders", "Runs", "SharpnessJobs", "SpectrumJobs",
                "StationaryJobs", "StationaryPoints", "Studies", "Sweeps", "TangentKernels", "Theory", "Verification",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests, a target each, and what they share.
        .target(name: "TestSupport", dependencies: ["Programs"], path: "Tests/TestSupport", exclude: ["Slurm"]),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .target(
            name: "NetworkCases", dependencies: ["Layers", "LinearAlgebra", "Networks", "Sampling"],
            path: "Tests/NetworkCases"),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
        .testTarget(
            name: "LinearAlgebraTests",
            dependencies: [
                "LinearAlgebra", "Sampling", "TestSupport", .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(name: "ClaimsTests", dependencies: ["Claims", "TestSupport"]),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling"]),
        .testTarget(
            name: "NetworksTests", dependencies: ["Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling"]),
        .testTarget(name: "LayersTests", dependencies: ["Layers", "LinearAlgebra", "Networks"]),
        .testTarget(
            name: "TangentKernelsTests",
            dependencies: [
                "Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling", "TangentKernels",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "AlignmentTests",
            dependencies: ["Alignment", "Landscape", "Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling"]),
        .testTarget(
            name: "LandscapeTests",
            dependencies: [
                "Landscape", "Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling", "TangentKernels",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "SharpnessTests",
            dependencies: [
                "Landscape", "Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling", "Sharpness",
            ], exclude: ["References"]),
        .testTarget(
            name: "MinimaTests",
            dependencies: [
                "Landscape", "Layers", "LinearAlgebra", "Minima", "NetworkCases", "Networks", "Sampling",
                "TangentKernels",
            ]),
        .testTarget(name: "HDF5Tests", dependencies: ["Console", "Files", "HDF5", "TestSupport"]),
        .testTarget(
            name: "DatasetsTests", dependencies: ["Datasets", "LinearAlgebra", "TestSupport"], exclude: ["Files"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "AllocationCounter", "Datasets", "Layers", "LinearAlgebra", "Measurements", "Networks", "Sampling",
                "TangentKernels", "Training", .product(name: "RealModule", package: "swift-numerics"),
            ], exclude: ["References"]),
        .testTarget(
            name: "StatisticsTests",
            dependencies: [
                "LinearAlgebra", "Sampling", "Statistics", .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "StationaryPointsTests",
            dependencies: [
                "LinearAlgebra", "Sampling", "StationaryPoints",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "SpinGlassesTests",
            dependencies: [
                "LinearAlgebra", "Sampling", "SpinGlasses", "StationaryPoints",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "StationaryJobsTests",
            dependencies: [
                "Layers", "LinearAlgebra", "NetworkCases", "Networks", "Sampling", "StationaryJobs", "StationaryPoints",
            ]),
        .testTarget(
            name: "PopulationsTests",
            dependencies: [
                "Layers", "LinearAlgebra", "Networks", "Populations", "Sampling", "ScalingLaws", "StationaryPoints",
            ]),
        .testTarget(name: "ScalingLawsTests", dependencies: ["Sampling", "ScalingLaws"]),
        .testTarget(name: "MeasurementsTests", dependencies: ["Measurements"]),
        .testTarget(
            name: "TheoryTests", dependencies: ["Descents", "Measurements", "Sampling", "Statistics", "Theory"]),
        .testTarget(name: "LaunchersTests", dependencies: ["Console", "Files", "Launchers", "TestSupport"]),
        .testTarget(name: "ProgramsTests", dependencies: ["Programs", "TestSupport"]),
        .testTarget(
            name: "LabTests",
            dependencies: [
                "Benchmarks", "Cells", "Certificates", "Claims", "Configurations", "Console", "Execution", "Files",
                "Layers", "LinearAlgebra", "Measurements", "Networks", "Populations", "Reports", "Sampling",
                "ScalingLaws",
                "SpinGlasses", "Statistics", "Studies", "Sweeps", "TestSupport", "Theory", "Training", "ntklab",
            ], exclude: ["References", "Pages", "Shims", "Fuzz"]),
    ]
)

// What needs MPI, and is left out of `swift build` without it: `make mpi`.
if Context.environment["NTKLAB_MPI"] != nil {
    package.products.append(.executable(name: "ntklab-eigen", targets: ["DistributedSpectrum"]))
    package.targets += [
        systemLibrary(
            "CScaLAPACKLibrary", pkgConfig: "scalapack-openmpi", package: "libscalapack-openmpi-dev"),
        .target(name: "CScaLAPACK", dependencies: ["COpenBLAS", "CScaLAPACKLibrary"]),
        .executableTarget(
            name: "DistributedSpectrum",
            dependencies: [
                "CAllocation", "CScaLAPACK", "Console", "Execution", "Files", "HDF5", "KernelJobs", "LinearAlgebra",
                "Runs", "TangentKernels", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "DistributedSpectrumTests",
            dependencies: ["HDF5", "LinearAlgebra", "Runs", "TangentKernels", "TestSupport"]),
    ]
}

/// An installed C library: its flags come from pkg-config, its headers stay inside our C targets.
func systemLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}
