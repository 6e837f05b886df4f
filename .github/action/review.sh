#!/usr/bin/env bash
# Finds the program, verified, and starts it on the pull request. Inputs come as INPUT_*; nothing of the workspace runs.
set -euo pipefail

fail() {
  echo "::error title=backend-specialist::$1"
  exit 2
}

# The value behind a key of release.txt, or nothing.
released() {
  awk -v key="$1" '$1 == key { print $2; exit }' "$ACTION_FOLDER/.github/action/release.txt"
}

sha256() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

target() {
  case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-gnu ;;
    *) echo none ;;
  esac
}

# Sets `program`.
build() {
  echo "Compiling backend-specialist from $ACTION_FOLDER: $1. This takes some minutes, and the tool cache keeps it."
  command -v cargo > /dev/null || fail "there is no Rust to compile with: install it, give 'binary', or use a released version of this action"
  export CARGO_TARGET_DIR="$cache/source"
  # From the action's own folder: settings of cargo in the workspace would run what the pull request wants.
  (cd "$ACTION_FOLDER" && cargo build --release --locked --package backend-specialist) || fail "the program cannot be compiled"
  program="$CARGO_TARGET_DIR/release/backend-specialist"
}

# Sets `program`.
fetch() {
  local target wanted from name file
  target=$(target)
  wanted=$(released "$target")
  [ -n "$wanted" ] || fail "there is no program for $RUNNER_OS $RUNNER_ARCH: set 'build-from-source: true', or give 'binary'"
  name="backend-specialist-$target"
  if [ "$RUNNER_OS" = Windows ]; then name="$name.exe"; fi
  program="$cache/$version/$name"
  if [ -f "$program" ] && [ "$(sha256 "$program")" = "$wanted" ]; then
    return
  fi
  from=$(released from)
  case "$from" in
    https://* | http://127.0.0.1:*) ;;
    *) fail "release.txt names no address to fetch from" ;;
  esac
  mkdir -p "$cache/$version"
  file=$(mktemp "$cache/$version/fetched.XXXXXX")
  curl --fail --silent --show-error --location --retry 3 --max-time 300 --max-filesize 200000000 --output "$file" "$from/$name" \
    || fail "the program cannot be fetched from $from: try again, give 'binary', or set 'build-from-source: true'"
  if [ "$(sha256 "$file")" != "$wanted" ]; then
    rm -f "$file"
    fail "what came from $from/$name is not what this action was made for (checksum mismatch)"
  fi
  chmod +x "$file"
  mv "$file" "$program"
}

cache="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/backend-specialist"
version=$(released version)
case "$INPUT_BUILD_FROM_SOURCE" in
  true | false | "") ;;
  *) fail "'build-from-source' is true or false" ;;
esac
if [ -n "$INPUT_VERSION" ] && [ "${INPUT_VERSION#v}" != "${version:-none}" ]; then
  fail "this action runs version ${version:-none}: for another one, name the tag of that version behind '@' in 'uses'"
fi
if [ -n "$INPUT_BINARY" ]; then
  program="$INPUT_BINARY"
elif [ "$INPUT_BUILD_FROM_SOURCE" = true ]; then
  build "asked for"
elif [ -z "$version" ]; then
  build "there is no release yet"
else
  fetch
fi

workspace=${GITHUB_WORKSPACE:-$PWD}
# A path that the workflow gave, as seen from the workspace.
full() {
  case "$1" in
    /* | [A-Za-z]:*) echo "$1" ;;
    *) echo "$workspace/$1" ;;
  esac
}
arguments=(review "--comment=$INPUT_COMMENT" "--max-comments=$INPUT_MAX_COMMENTS" "--id=$INPUT_ID")
if [ -n "$INPUT_PROFILE" ]; then arguments+=("--profile=$INPUT_PROFILE"); fi
if [ -n "$INPUT_FAIL_ON" ]; then arguments+=("--fail-on=$INPUT_FAIL_ON"); fi
if [ -n "$INPUT_MIN_SEVERITY" ]; then arguments+=("--min-severity=$INPUT_MIN_SEVERITY"); fi
if [ -n "$INPUT_CONFIG" ]; then arguments+=("--config=$(full "$INPUT_CONFIG")"); fi
if [ -n "$INPUT_REPORT" ]; then arguments+=("--report=$(full "$INPUT_REPORT")"); fi
if [ -n "$INPUT_SARIF_FILE" ]; then arguments+=("--sarif-file=$(full "$INPUT_SARIF_FILE")"); fi
if [ -n "$INPUT_REPORT_JSON" ]; then arguments+=("--report-json=$(full "$INPUT_REPORT_JSON")"); fi

case "$program" in
  /* | [A-Za-z]:*) ;;
  *) program="$workspace/$program" ;;
esac
[ -f "$program" ] || fail "there is no program at $program"
cd "$workspace/$INPUT_PATH" || fail "there is no folder '$INPUT_PATH'"
exec "$program" "${arguments[@]}"
