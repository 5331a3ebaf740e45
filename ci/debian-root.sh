# shellcheck shell=bash
# A bare Debian 12 in a folder, as this machine would install it. Sourced, after lib.sh; needs root.

# debian_root_lacks: why there can be none; empty if there can.
debian_root_lacks() {
  if ((EUID != 0)); then
    echo "needs root"
  elif ! command -v debootstrap >/dev/null; then
    echo "needs debootstrap: apt-get install debootstrap"
  fi
}

# debian_root_make ROOT [PACKAGE,...]: unless it is there.
debian_root_make() {
  local root=$1 include=${2:+--include=$2} mirror
  mirror=$(sed -nE 's/^(deb|URIs:) (\[[^]]*\] )?(https?:[^ ]+).*/\3/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)
  [[ -e $root/var/lib/dpkg/made ]] || debootstrap --variant=minbase ${include:+"$include"} bookworm "$root" ${mirror:+"$mirror"}
  touch "$root/var/lib/dpkg/made"
  # How this machine reaches its packages.
  if grep -rqsE '^(deb|URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d; then rm -f "$root/etc/apt/sources.list"; fi
  rm -rf "$root/etc/apt/sources.list.d" "$root/etc/apt/apt.conf.d" "$root/etc/apt/auth.conf.d"
  cp -a /etc/apt/. "$root/etc/apt/"
  mkdir -p "$root/etc/ssl/certs"
  cp -aL /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# debian_root_mount ROOT; its end is debian_root_unmount, in a trap.
debian_root_mount() {
  local root=$1
  # A machine's root is a mount: what unpacks layers in a namespace of its own remounts it.
  mount --bind "$root" "$root" && mount --make-private "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
  mount --rbind /sys "$root/sys" && mount --make-rslave "$root/sys"
}

debian_root_unmount() {
  local root=$1 point
  for point in /dev /proc /sys ""; do
    if mountpoint -q "$root$point"; then umount -R "$root$point" || umount -lR "$root$point"; fi
  done
}

# in_debian_root ROOT COMMAND...: with nothing of this machine's environment but the way to the network.
in_debian_root() {
  local root=$1 name
  local environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
  shift
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
  done
  chroot "$root" env -i "${environment[@]}" "$@"
}
