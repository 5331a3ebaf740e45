# shellcheck shell=bash
# What ci/lab can have: which version, where it comes from, how it is built. Sourced by ci/lab, after lib.sh.

bin=$REFEREE_CACHE/lab
registries=(docker-registry distribution ggcr ggcr-plain cuelabs)
clients=(oci-conformance oras regctl crane docker containerd podman buildah skopeo)
# Each takes minutes to build: only by name, or with --all.
slow=(containerd2 crictl buildkit moby cosign)
names=("${registries[@]}" "${clients[@]}" "${slow[@]}")
# Exit code of `install` and `start` for what this machine cannot have.
readonly kLeftOut=9

declare -A version=(
  [docker-registry]=2.8.2
  [distribution]=v3.0.0
  [ggcr]=v0.22.1
  [ggcr-plain]=v0.22.1
  [cuelabs]=v0.0.0-20251212221603-3adeb8663819
  [oci-conformance]=v0.0.0-20260831232431-97274622c111
  [oras]=v1.3.6
  [regctl]=v0.11.7
  [crane]=v0.22.1
  [docker]=20.10.24
  [containerd]=1.6.20
  [podman]=4.3.1
  [buildah]=1.28.2
  [skopeo]=1.9.3
  [containerd2]=v2.4.2
  [crictl]=v1.37.0
  [buildkit]=v0.34.2
  [moby]=v2.0.0-beta.24
  [cosign]=v3.1.3
)
declare -A about=(
  [docker-registry]="docker-registry of Debian, on disk, no referrers API"
  [distribution]="distribution, on disk, no referrers API"
  [ggcr]="go-containerregistry's registry, in memory, with its referrers API switched on"
  [ggcr-plain]="the same as its own command starts it, without that API"
  [cuelabs]="cuelabs ociregistry, in memory, referrers API"
  [oci-conformance]="the official conformance suite of the distribution-spec"
  [oras]="oras, a client of artifacts and referrers"
  [regctl]="regctl, a client of registries"
  [crane]="crane, a client of registries"
  [docker]="dockerd and docker of Debian"
  [containerd]="containerd and ctr of Debian"
  [podman]="podman of Debian"
  [buildah]="buildah of Debian"
  [skopeo]="skopeo of Debian"
  [containerd2]="containerd 2: containerd2, ctr2"
  [crictl]="crictl, a client of a container runtime interface"
  [buildkit]="BuildKit: buildkitd, buildctl"
  [moby]="the Docker daemon with containerd's image store: dockerd2"
  [cosign]="cosign, which signs and verifies"
)
# Of Debian: the program, and its group of ci/install-dependencies.
declare -A debian=(
  [docker-registry]="/usr/bin/docker-registry lab"
  [docker]="/usr/sbin/dockerd runtimes"
  [containerd]="/usr/bin/containerd runtimes"
  [podman]="/usr/bin/podman runtimes"
  [buildah]="/usr/bin/buildah runtimes"
  [skopeo]="/usr/bin/skopeo runtimes"
)
# Of Go: the module, and its main packages as `program=package`; `.` is a main of ours.
declare -A module=(
  [distribution]=github.com/distribution/distribution/v3
  [ggcr]=github.com/google/go-containerregistry
  [ggcr-plain]=github.com/google/go-containerregistry
  [cuelabs]=cuelabs.dev/go/oci/ociregistry
  [oci-conformance]=github.com/opencontainers/distribution-spec/conformance
  [oras]=oras.land/oras
  [regctl]=github.com/regclient/regclient
  [crane]=github.com/google/go-containerregistry
  [containerd2]=github.com/containerd/containerd/v2
  [crictl]=sigs.k8s.io/cri-tools
  [buildkit]=github.com/moby/buildkit
  [moby]=github.com/moby/moby/v2
  [cosign]=github.com/sigstore/cosign/v3
)
declare -A parts=(
  [distribution]=distribution=${module[distribution]}/cmd/registry
  [ggcr]=ggcr=.
  [ggcr-plain]=ggcr-plain=.
  [cuelabs]=cuelabs=.
  [oci-conformance]=oci-conformance=${module[oci-conformance]}
  [oras]=oras=${module[oras]}/cmd/oras
  [regctl]=regctl=${module[regctl]}/cmd/regctl
  [crane]=crane=${module[crane]}/cmd/crane
  [containerd2]="containerd2=${module[containerd2]}/cmd/containerd ctr2=${module[containerd2]}/cmd/ctr"
  [crictl]=crictl=${module[crictl]}/cmd/crictl
  [buildkit]="buildkitd=${module[buildkit]}/cmd/buildkitd buildctl=${module[buildkit]}/cmd/buildctl"
  [moby]=dockerd2=${module[moby]}/cmd/dockerd
  [cosign]=cosign=${module[cosign]}/cmd/cosign
)
declare -A tags=([moby]=exclude_graphdriver_btrfs)
# Variables that their own builds set to the version.
declare -A stamp=(
  [crictl]=sigs.k8s.io/cri-tools/pkg/version.Version
  [containerd2]=github.com/containerd/containerd/v2/version.Version
  [buildkit]=github.com/moby/buildkit/version.Version
  [moby]=github.com/moby/moby/v2/dockerversion.Version
)

known() { [[ -n $1 && -n "${version[$1]:-}" ]] || DIE_CODE=2 die "the lab has no '$1': choose from ${names[*]}"; }
is_registry() { [[ " ${registries[*]} " == *" $1 "* ]]; }

# The names of the programs of a Go target.
programs_of() {
  local part
  for part in ${parts[$1]}; do printf '%s\n' "${part%%=*}"; done
}

# The path of a target's (first) program.
program() {
  if [[ -n "${debian[$1]:-}" ]]; then printf '%s\n' "${debian[$1]% *}"; else printf '%s\n' "$bin/$(programs_of "$1" | head -n 1)-${version[$1]}"; fi
}

installed() {
  local part
  if [[ -n "${debian[$1]:-}" ]]; then [[ -x "$(program "$1")" ]] && return; return 1; fi
  for part in $(programs_of "$1"); do [[ -x $bin/$part-${version[$1]} ]] || return 1; done
}

main_of() {
  local referrers=true
  if [[ $1 == ggcr-plain ]]; then referrers=false; fi
  printf 'package main\n\n'
  case $1 in
    ggcr | ggcr-plain) sed "s/REFERRERS/$referrers/" <<'GO'
import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	log.Fatal(http.Serve(listener, registry.New(registry.WithReferrersSupport(REFERRERS))))
}
GO
      ;;
    cuelabs) cat <<'GO'
import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
)

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	log.Fatal(http.Serve(listener, ociserver.New(ocimem.New(), nil)))
}
GO
      ;;
  esac
}

# Built in a scratch module, so that the version is exactly the pinned one and nothing lands in the tree.
build_in() {
  local scratch=$1 name=$2 part package
  cd "$scratch" || return
  export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=
  go mod init referee.invalid/lab || return
  if [[ ${parts[$name]} == *=. ]]; then main_of "$name" >main.go; fi
  # The packages are named too: that brings in what they need beyond the module itself.
  go get "${module[$name]}@${version[$name]}" || return
  for part in ${parts[$name]}; do
    package=${part#*=}
    if [[ $package == . ]]; then go get .; else go get "$package@${version[$name]}"; fi || return
  done
  mkdir built
  for part in ${parts[$name]}; do
    go build -trimpath -tags "${tags[$name]:-}" -ldflags "${stamp[$name]:+-X ${stamp[$name]}=${version[$name]#v}}" \
      -o "$scratch/built/${part%%=*}" "${part#*=}" || return
  done
}

build_go() {
  local name=$1 scratch part code=0
  scratch=$(mktemp -d)
  if (build_in "$scratch" "$name") >"$scratch/log" 2>&1; then
    mkdir -p "$bin"
    for part in $(programs_of "$name"); do
      mv "$scratch/built/$part" "$bin/$part-${version[$name]}.new"
      mv "$bin/$part-${version[$name]}.new" "$bin/$part-${version[$name]}"
    done
  else
    sed 's/^/  | /' "$scratch/log" | tail -n 20 >&2
    code=1
  fi
  chmod -R u+w "$scratch"
  rm -rf "$scratch"
  return "$code"
}

# Each program has a name without version as well, which descriptions of clients call ${lab}/NAME.
link_programs() {
  local part
  for part in $(programs_of "$1"); do ln -sfn "$part-${version[$1]}" "$bin/$part"; done
}

install_one() {
  local name=$1 started=$SECONDS
  if [[ -n "${debian[$name]:-}" ]]; then
    "$REFEREE_ROOT/ci/install-dependencies" "${debian[$name]#* }" >/dev/null
    installed "$name" || { say "$name: the package did not bring the program" && return 1; }
    say "$name ${version[$name]}: installed"
    return
  fi
  if installed "$name"; then
    say "$name ${version[$name]}: installed"
  elif ! command -v go >/dev/null; then
    say "$name ${version[$name]}: left out, Go is not on PATH"
    return "$kLeftOut"
  elif build_go "$name"; then
    say "$name ${version[$name]}: built in $((SECONDS - started)) s"
  else
    say "$name ${version[$name]}: build failed"
    return 1
  fi
  link_programs "$name"
}

install_all() {
  local name code failed=0
  for name in "$@"; do known "$name"; done
  for name in "$@"; do
    code=0
    install_one "$name" || code=$?
    # A single name that cannot be had is an answer; among several it is a line.
    if ((code == kLeftOut && $# > 1)); then code=0; fi
    if ((code)); then failed=$code; fi
  done
  return "$failed"
}
