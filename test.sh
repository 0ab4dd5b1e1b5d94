#!/usr/bin/env bash
# Builds everything and runs all tests. Installs what is missing on a Debian machine that has the .NET SDK and Node.
# --all measures too, which takes some minutes more and writes docs/measurements.md. The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

all=false
if [[ "${1:-}" == "--all" ]]; then
  all=true
  # Some tests do more of the same.
  export WEBHOOKS_LONG_TESTS=1
elif [[ $# -gt 0 ]]; then
  echo "Usage: $0 [--all]" >&2
  exit 2
fi

tests/install.sh

for lock in tests/*/node/package-lock.json; do
  npm ci --silent --no-fund --no-audit --prefix "$(dirname "$lock")"
done

dotnet restore Orleans.Webhooks.sln --locked-mode
dotnet build Orleans.Webhooks.sln -c Release --no-restore -warnaserror

passed=0
failed=0
skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  log=$(mktemp)
  echo "== $name"
  status=0
  # One project after the other: on a small machine servers that share it would starve each other.
  dotnet test --project "$project" -c Release --no-build --no-progress --no-ansi 2>&1 | tee "$log" || status=$?
  ok=$(grep -oE '^ *succeeded: *[0-9]+' "$log" | grep -oE '[0-9]+' | tail -1 || true)
  bad=$(grep -oE '^ *failed: *[0-9]+' "$log" | grep -oE '[0-9]+' | tail -1 || true)
  left=$(grep -oE '^ *skipped: *[0-9]+' "$log" | grep -oE '[0-9]+' | tail -1 || true)
  rm -f "$log"
  skipped=$((skipped + ${left:-0}))
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${bad:-0}))
  # A project that ended badly without counting a failure has failed as a whole.
  if [[ $status -ne 0 && ${bad:-0} -eq 0 ]]; then
    failed=$((failed + 1))
  fi
done

# Processes killed and cut off under load, judged by what publishers and receivers saw.
echo "== Faults, a short run"
if dotnet exec tests/Faults/bin/Release/net10.0/Faults.dll run --minutes 1 --seed 5 --rate 40 --kinds kill-silo,postgres-stop,cut-after-commit,kill-gateway; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

if $all; then
  measurements=$(mktemp)
  {
    echo "# Measurements"
    echo
    echo "Written by \`./test.sh --all\` on $(nproc) cores, which loader, receiver, store and system share. Machines are noisy: compare within one run."
    for benchmark in throughput backlog lists isolation outage lanes throttle pages recovery; do
      printf '\n## %s\n\n```\n' "$benchmark"
      dotnet run --project tests/Benchmarks -c Release --no-build -- "$benchmark"
      printf '```\n'
    done
  } | tee "$measurements" || failed=$((failed + 1))
  mv "$measurements" docs/measurements.md
fi

if [[ $skipped -gt 0 ]]; then
  echo "$skipped skipped: the reasons are above"
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
