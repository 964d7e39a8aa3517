#!/usr/bin/env bash
# Installs, upgrades or removes a Safe City edge box on Debian or Ubuntu, amd64 or arm64.
#
#   sudo deploy/install.sh                what is in this folder's release, beside what runs already
#   sudo deploy/install.sh --centre       the monitoring centre's ingester too
#   sudo deploy/install.sh --uninstall    the program; configuration and data stay
#   sudo deploy/install.sh --uninstall --purge   those too, the footage and its keys among them
#
# Run again, it changes only what differs. Every package is pinned by its SHA-256 in requirements/.
set -euo pipefail

readonly NAME=safecity-edge
readonly CONFIG_DIR=/etc/$NAME DATA_DIR=/var/lib/$NAME
HOME_DIR=/opt/$NAME
readonly UNIT_DIR=/etc/systemd/system COMMAND=/usr/local/bin/$NAME
readonly KEPT_RELEASES=3

here=$(cd "$(dirname "$0")/.." && pwd)
python=python3
with_centre='' uninstall='' purge='' stage='' fetch=''
changes=0

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }
die() { printf 'install: %s\n' "$*" >&2; exit 1; }
did() { changes=$((changes + 1)); printf '  made   %s\n' "$*"; }
kept() { printf '  kept   %s\n' "$*"; }

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --centre) with_centre=yes ;;
      --uninstall) uninstall=yes ;;
      --purge) purge=yes ;;
      --stage) stage=yes ;; # for safecity-edge update: build it beside the others, and change nothing else
      --fetch) shift; fetch=${1:?--fetch wants a folder} ;; # for it too: bring the packages there, as any user
      --home) shift; HOME_DIR=${1:?--home wants a folder} ;;
      --python) shift; python=${1:?--python wants a program} ;;
      -h | --help) usage; exit 0 ;;
      *) die "unknown option $1; --help lists them" ;;
    esac
    shift
  done
  if [ -n "$fetch" ]; then fetch_packages "$fetch"; return; fi
  # An update goes on with what there is.
  if [ -n "$stage" ] && [ -f $UNIT_DIR/safecity-centre.service ]; then with_centre=yes; fi
  [ "$(id -u)" -eq 0 ] || die "wants root: sudo $0"
  [ -z "$purge" ] || [ -n "$uninstall" ] || die "--purge goes with --uninstall"
  if [ -n "$uninstall" ]; then
    remove
  elif [ -n "$stage" ]; then
    check_machine
    build_release
    prune
    printf 'staged %s\n' "$(release)"
    return
  else
    check_machine
    put
  fi
  if [ "$changes" -eq 0 ]; then echo "Nothing to change."; fi
}

check_machine() {
  local arch
  command -v dpkg >/dev/null || die "this is no Debian or Ubuntu"
  arch=$(dpkg --print-architecture)
  case $arch in
    amd64 | arm64) ;;
    *) die "wants amd64 or arm64, got $arch" ;;
  esac
  [ -f "$here/requirements/runtime.txt" ] || die "$here is no release of $NAME: no requirements/runtime.txt"
}

put() {
  echo "$NAME $(release) for $(sed -n 's/^PRETTY_NAME="\(.*\)"$/\1/p' /etc/os-release)"
  packages
  account
  folders
  program
  units
  next_steps
}

# Version, and a digest of all that makes the program: two builds of one version live side by side.
release() {
  local version
  version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/pyproject.toml" | head -1)
  printf '%s-%s\n' "$version" "$(digest)"
}

digest() {
  (cd "$here" && {
    find edge models requirements -type f ! -path '*/__pycache__/*' ! -path 'models/training/*' -print0 | sort -z | xargs -0 sha256sum
    sha256sum pyproject.toml
    echo "centre:$with_centre"
  } | sha256sum | cut -c1-12)
}

packages() {
  local missing=() package
  for package in python3 python3-venv ca-certificates; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    kept "Debian packages"
    return
  fi
  DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
  did "Debian packages ${missing[*]}"
}

account() {
  if getent passwd $NAME >/dev/null; then
    kept "system user $NAME"
  else
    useradd --system --user-group --home-dir $DATA_DIR --no-create-home --shell /usr/sbin/nologin $NAME
    did "system user $NAME, without a shell"
  fi
}

# folder OWNER MODE PATH
folder() {
  if [ "$(stat -c '%U:%G %a' "$3" 2>/dev/null)" = "$1 $2" ]; then
    kept "$3"
  else
    install -d -o "${1%:*}" -g "${1#*:}" -m "$2" "$3"
    did "$3, of $1, mode $2"
  fi
}

folders() {
  folder root:root 755 "$HOME_DIR"
  folder root:root 755 "$HOME_DIR/releases"
  folder root:$NAME 750 $CONFIG_DIR
  folder $NAME:$NAME 700 $DATA_DIR
}

program() {
  build_release
  link "releases/$(release)" "$HOME_DIR/current"
  link "releases/$(release)" "$HOME_DIR/good"
  link "$HOME_DIR/current/bin/$NAME" $COMMAND
  prune
}

build_release() {
  local release fresh
  release=$(release)
  if [ -f "$HOME_DIR/releases/$release/.complete" ]; then
    kept "$HOME_DIR/releases/$release"
  else
    fresh="$HOME_DIR/releases/$release"
    rm -rf "$fresh"
    build "$fresh"
    did "$fresh"
  fi
}

# All that a build could want, for this machine's Python; nothing of it is run, and nothing is believed but its hash.
fetch_packages() {
  local room wanted
  room=$(mktemp -d)
  "$python" -m venv "$room"
  for wanted in runtime build centre; do
    "$room/bin/python" -m pip download --quiet --disable-pip-version-check --no-input --only-binary :all: --no-deps \
      --require-hashes -d "$1" -r "$here/requirements/$wanted.txt"
  done
  rm -rf "$room"
}

build() {
  local fresh=$1 source pip
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "wants Python 3.11 or newer, got $("$python" -V)"
  "$python" -m venv "$fresh"
  pip=("$fresh/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-compile)
  "${pip[@]}" --require-hashes -r "$here/requirements/runtime.txt"
  "${pip[@]}" --require-hashes -r "$here/requirements/build.txt"
  if [ -n "$with_centre" ]; then "${pip[@]}" --require-hashes -r "$here/requirements/centre.txt"; fi
  # A copy, so that nothing is written into the folder of the release.
  source=$(mktemp -d)
  tar -C "$here" --exclude=__pycache__ -cf - edge models pyproject.toml README.md LICENSE | tar -C "$source" -xf -
  "${pip[@]}" --no-deps --no-build-isolation "$source"
  rm -rf "$source"
  "$fresh/bin/$NAME" version >/dev/null || die "$fresh does not run; what was there before still does"
  install -d "$fresh/share/$NAME"
  cp -r "$here/configs" "$here/SECURITY.md" "$here/LICENSE" "$fresh/share/$NAME/"
  "$fresh/bin/python" -m compileall -q "$fresh/lib" || true
  touch "$fresh/.complete"
}

# link TARGET PATH: in one step, so that nobody sees none.
link() {
  if [ "$(readlink "$2" 2>/dev/null)" = "$1" ]; then
    kept "$2 → $1"
  else
    ln -sfn "$1" "$2.new"
    mv -T "$2.new" "$2"
    did "$2 → $1"
  fi
}

# The newest releases stay, and the one that runs.
prune() {
  local old current
  current=$(basename "$(readlink "$HOME_DIR/current")")
  find "$HOME_DIR/releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %f\n' | sort -rn | tail -n +$((KEPT_RELEASES + 1)) |
    cut -d' ' -f2 | grep -vx "$current" | while read -r old; do rm -rf "${HOME_DIR:?}/releases/$old"; done || true
}

units() {
  unit $NAME.service
  unit safecity-settle.service
  unit safecity-update.service
  unit safecity-update.path
  unit safecity-fetch.service
  unit safecity-background@.service
  unit safecity-background@.timer
  if [ -n "$with_centre" ]; then unit safecity-centre.service; fi
  if [ -d /run/systemd/system ] && [ "$changes" -gt 0 ]; then
    systemctl daemon-reload
    systemctl try-restart $NAME.service
    if [ -n "$with_centre" ]; then systemctl try-restart safecity-centre.service; fi
  fi
}

unit() {
  if cmp -s "$here/deploy/systemd/$1" "$UNIT_DIR/$1"; then
    kept "$UNIT_DIR/$1"
  else
    install -d $UNIT_DIR
    install -m 644 "$here/deploy/systemd/$1" "$UNIT_DIR/$1"
    did "$UNIT_DIR/$1"
  fi
}

next_steps() {
  if [ -f $CONFIG_DIR/node.yaml ]; then
    echo "Configuration: $CONFIG_DIR/node.yaml, unchanged. State of the box: sudo -u $NAME $NAME status $CONFIG_DIR/node.yaml"
    return
  fi
  cat <<END

What comes next:
  sudo $NAME init $CONFIG_DIR/node.yaml      five questions make a configuration; data_dir: $DATA_DIR
  sudo chown root:$NAME $CONFIG_DIR/node.yaml && sudo chmod 640 $CONFIG_DIR/node.yaml
  sudo -u $NAME $NAME check $CONFIG_DIR/node.yaml
  sudo systemctl enable safecity-settle && sudo systemctl enable --now $NAME
END
}

remove() {
  local each
  for each in $NAME.service safecity-settle.service safecity-centre.service safecity-update.path safecity-update.service \
    safecity-fetch.service safecity-background@.timer safecity-background@.service; do
    [ -f "$UNIT_DIR/$each" ] || continue
    if [ -d /run/systemd/system ]; then
      # A template is disabled for all of its instances, and stopped by a pattern.
      case $each in
        *@*) systemctl disable "$each" || true; systemctl stop "${each/@./@*.}" || true ;;
        *) systemctl disable --now "$each" || true ;;
      esac
    fi
    rm -f "$UNIT_DIR/$each"
    did "$UNIT_DIR/$each away"
  done
  if [ -d /run/systemd/system ] && [ "$changes" -gt 0 ]; then systemctl daemon-reload; fi
  if [ -L $COMMAND ]; then rm -f $COMMAND && did "$COMMAND away"; fi
  if [ -d "$HOME_DIR" ]; then rm -rf "$HOME_DIR" && did "$HOME_DIR away"; fi
  if [ -z "$purge" ]; then
    [ ! -d $CONFIG_DIR ] || echo "Left: $CONFIG_DIR and $DATA_DIR; --purge removes them, the footage and its keys among them."
    return
  fi
  for each in $CONFIG_DIR $DATA_DIR; do
    if [ -d "$each" ]; then rm -rf "$each" && did "$each away"; fi
  done
  if getent passwd $NAME >/dev/null; then userdel $NAME && did "user $NAME away"; fi
}

main "$@"
