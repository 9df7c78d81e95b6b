# make demo   install what is missing, build, train the demo, certify it, write its report
# make test   install what is missing, build, run all tests
# make test-long   the same with every place, input and run of the long tests
# make mpi    ntklab-eigen, for kernels beyond one machine: needs Open MPI and ScaLAPACK
# make build  build only            make clean  delete what was built
# make install PREFIX=~/.local      the program, its manual and completions; make uninstall PREFIX=~/.local

LIBRARIES := pkg-config libopenblas-dev libhdf5-dev zlib1g-dev libzip-dev libxxhash-dev liblbfgsb-dev gnuplot-nox
TEST_TOOLS := hdf5-tools python3-h5py python3-xarray python3-h5netcdf \
  chromium chromium-driver python3-selenium python3-pil \
  slurmctld slurmd slurm-client munge
MPI := openmpi-bin libopenmpi-dev libscalapack-openmpi-dev
NTKLAB := .build/release/ntklab

.PHONY: demo test test-long build mpi setup setup-tests bench clean release install uninstall

demo: build
	$(NTKLAB) train Configs/digits-mlp.yaml --out runs
	$(NTKLAB) report digits-mlp/latest && $(NTKLAB) certify digits-mlp/latest

test: setup-tests
	NTKLAB_MPI=1 swift test -c release --disable-xctest

test-long: setup-tests
	NTKLAB_MPI=1 NTKLAB_TEST_LONG=1 swift test -c release --disable-xctest

build: setup
	swift build -c release --product ntklab

mpi:
	@sh .ci/setup $(LIBRARIES) $(MPI)
	NTKLAB_MPI=1 swift build -c release --product ntklab-eigen

# What is installed: built with the Swift runtime inside, so that it runs without Swift's folder. That has a build folder
# of its own, because the flag would have the other one built anew each time. Only sources that changed are built again, so
# after `make release` a `sudo make install` just copies.
PREFIX ?= /usr/local
# Not every shell expands the tilde of PREFIX=~/.local.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
STATIC := .build-static
STAGE := $(STATIC)/stage
INSTALLED := bin/ntklab share/man/man1/ntklab.1 share/bash-completion/completions/ntklab \
  share/zsh/site-functions/_ntklab share/fish/vendor_completions.d/ntklab.fish
SWIFT_STATIC := swift build -c release --scratch-path $(STATIC)

release: $(STAGE)/complete

$(STAGE)/complete: Makefile Package.swift $(shell find Sources -type f)
	@sh .ci/setup $(LIBRARIES)
	$(SWIFT_STATIC) --static-swift-stdlib -Xlinker -s --product ntklab
	$(SWIFT_STATIC) --static-swift-stdlib -Xlinker -s --product generate-manual
	rm -rf $(STAGE)
	mkdir -p $(addprefix $(STAGE)/,$(dir $(INSTALLED)))
	cp $(STATIC)/release/ntklab $(STAGE)/bin/ntklab
	$(STATIC)/release/generate-manual $(STAGE)/bin/ntklab -o $(STAGE)/share/man/man1
	$(STAGE)/bin/ntklab --generate-completion-script zsh > $(STAGE)/share/zsh/site-functions/_ntklab
	$(STAGE)/bin/ntklab --generate-completion-script fish > $(STAGE)/share/fish/vendor_completions.d/ntklab.fish
	$(STAGE)/bin/ntklab --generate-completion-script bash > $(STAGE)/ntklab.bash
	sed 's/^complete -o filenames/complete -o default -o filenames/' $(STAGE)/ntklab.bash \
	  > $(STAGE)/share/bash-completion/completions/ntklab
	touch $@

install: release
	set -e; for file in $(INSTALLED); do \
	  mode=644; case $$file in bin/*) mode=755;; esac; \
	  install -D -m $$mode "$(STAGE)/$$file" "$(DESTDIR)$(PREFIX)/$$file"; done

uninstall:
	set -e; for file in $(INSTALLED); do rm -f "$(DESTDIR)$(PREFIX)/$$file"; done

setup:
	@sh .ci/setup $(LIBRARIES)

setup-tests:
	@sh .ci/setup $(LIBRARIES) $(MPI) $(TEST_TOOLS)

bench: build
	$(NTKLAB) bench gemm --blas-core auto
	$(NTKLAB) bench work --blas-core auto
	$(NTKLAB) bench train --blas-core auto
	$(NTKLAB) bench sweep --cells 40
	$(NTKLAB) bench checkpoint --folder runs

clean:
	rm -rf .build $(STATIC)
