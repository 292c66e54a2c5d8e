#!/usr/bin/env bash
# One run: annotations in the log, a summary of the job, a SARIF report. Inputs come in the environment.
set -euo pipefail

# Line by line: the bash of macOS has no mapfile.
files=() more=()
while IFS= read -r line; do files+=("$line"); done < <(printf '%s\n' "$FILES" | sed '/^[[:space:]]*$/d')
while IFS= read -r line; do more+=("$line"); done < <(printf '%s\n' "${ARGS:-}" | sed '/^[[:space:]]*$/d')
summary="${RUNNER_TEMP:-/tmp}/ibid-summary.md"
args=(check --format github --report "markdown=$summary" --fail-on "${FAIL_ON:-error}")
[ -z "${SARIF:-}" ] || args+=(--report "sarif=$SARIF")
[ -z "${BASELINE:-}" ] || args+=(--baseline "$BASELINE")

status=0
"${IBID:-$HOME/.ibid/bin/ibid}" "${args[@]}" ${more[@]+"${more[@]}"} -- "${files[@]}" || status=$?
[ ! -s "$summary" ] || cat "$summary" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
if [ -n "${SARIF:-}" ] && [ -s "$SARIF" ]; then
  echo "sarif=$SARIF" >> "${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$status"
