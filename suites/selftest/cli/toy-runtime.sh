#!/bin/sh
# A runtime for tests: takes the LAST entry of the platform, and writes its digest to a file.
# Usage: toy-runtime.sh REGISTRY REPOSITORY TAG-OR-DIGEST OS/ARCH FILE
set -eu
get() {
  curl -sf -H 'Accept: application/vnd.oci.image.index.v1+json' -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "http://$1/v2/$2/manifests/$3"
}
digest=$(get "$1" "$2" "$3" | jq -er --arg platform "$4" \
  '[.manifests[] | select(.platform and .platform.os + "/" + .platform.architecture == $platform)] | last | .digest') ||
  { echo "error: no match for $4" >&2; exit 3; }
get "$1" "$2" "$digest" >/dev/null
printf '%s\n' "$digest" >"$5"
