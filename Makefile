# make demo   install what is missing, build, train the demo, certify it, write its report
# make test   install what is missing, build, run all tests
# make test-long   the same with every place, input and run of the long tests
# make build  build only            make clean  delete what was built

LIBRARIES := pkg-config libopenblas-dev libhdf5-dev zlib1g-dev libzip-dev libxxhash-dev gnuplot-nox
TEST_TOOLS := hdf5-tools python3-h5py python3-xarray python3-h5netcdf \
  chromium chromium-driver python3-selenium python3-pil
NTKLAB := .build/release/ntklab

.PHONY: demo test test-long build setup setup-tests bench clean

demo: build
	$(NTKLAB) train Configs/digits-mlp.yaml --out runs
	$(NTKLAB) report digits-mlp/latest && $(NTKLAB) certify digits-mlp/latest

test: setup-tests
	swift test -c release --disable-xctest

test-long: setup-tests
	NTKLAB_TEST_LONG=1 swift test -c release --disable-xctest

build: setup
	swift build -c release --product ntklab

setup:
	@sh .ci/setup $(LIBRARIES)

setup-tests:
	@sh .ci/setup $(LIBRARIES) $(TEST_TOOLS)

bench: build
	$(NTKLAB) bench gemm --blas-core auto
	$(NTKLAB) bench work --blas-core auto
	$(NTKLAB) bench train --blas-core auto
	$(NTKLAB) bench sweep --cells 40
	$(NTKLAB) bench checkpoint --folder runs

clean:
	rm -rf .build
