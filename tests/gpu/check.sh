#!/usr/bin/env bash
# Everything that a card must show, in at most eight minutes. NOT YET RUN ON A CARD: what it does without one was tried with DEVICE=cpu.
#
#   tests/gpu/check.sh prepare FOLDER     where the .NET SDK and the packages are: builds, and packs what the other machine needs into FOLDER (about 50 MB)
#   FOLDER/check.sh run [OUT]             on the machine with the card: measures, prints a table, and writes it to OUT/gpu.md (OUT: FOLDER/out by default)
#
# The machine needs: Linux on x64 with the libstdc++ of GCC 13 (Ubuntu 24.04, Debian 13), NVIDIA's driver, nvidia-smi, and a python3 with torch (CUDA) and torchvision. It
# needs no .NET and no network: a runtime is packed along, and libtorch is PyTorch's own. TorchSharp goes with PyTorch 2.10; with another it is tried, and the table says so.
# DEVICE=cpu is a small dry run of the same steps on our own engine, or on ENGINE=torch:cpu.
# The table is to be committed under tests/SanityChecks.Benchmarks/Results, named after the card.
set -euo pipefail

prepare() {
  local repository output=$1
  repository=$(cd "$(dirname "$0")/../.." && pwd)
  mkdir -p "$output"
  output=$(cd "$output" && pwd)
  packed=$(mktemp -d) # not local: the trap runs outside
  trap 'rm -rf "$packed"' EXIT
  local project
  for project in SanityChecks.Tests SanityChecks.Benchmarks; do
    dotnet build "$repository/tests/$project" -c Release -v q --nologo
    cp -r "$repository/artifacts/bin/$project/release" "$packed/$project"
  done
  # Only BenchmarkDotNet uses these, which is not run there: half of what would be carried.
  rm -rf "$packed"/SanityChecks.Benchmarks/{Microsoft.CodeAnalysis*,Microsoft.Diagnostics*,Dia2Lib*,TraceReloggerLib*,BenchmarkDotNet.pdb,amd64,arm64,x86,cs,de,es,fr,it,ja,ko,pl,pt-BR,ru,tr,zh-Hans,zh-Hant}
  find "$packed" -name '*.pdb' -delete -o -name '*.xml' -delete

  local dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$packed/dotnet/shared"
  cp -r "$dotnet/dotnet" "$dotnet/host" "$packed/dotnet"
  cp -r "$dotnet/shared/Microsoft.NETCore.App" "$packed/dotnet/shared"
  cp -r "$repository/configs" "$packed/configs"
  tar -C "$packed" -c . | xz -T0 -6 > "$output/program.tar.xz"
  cp "$repository/tests/gpu/check.sh" "$repository/tests/gpu/pytorch.py" "$output"
  git -C "$repository" describe --always --dirty > "$output/commit"
  du -m "$output" | tail -n 1 | sed 's/\t.*/ MB in '"${output//\//\\/}"'/'
}

# Seconds since the start, for the table and the limit.
elapsed() { echo $(($(date +%s) - started)); }

row() { printf '| %s | %s |\n' "$1" "$2" >> "$table"; }

# Runs a step with what is left of the eight minutes; a failing one is a row of the table and the others go on. What it says goes to $work/step.log, and the most memory of
# the card that was in use meanwhile, in MiB, to $work/peak.
step() {
  local name=$1 left=$((limit - $(elapsed))) watcher="" code=0
  shift
  : > "$work/peak"
  if [ "$left" -lt 10 ]; then
    row "$name" "not done: no time left"
    failed=$((failed + 1))
    return 1
  fi
  if [ "$device" = cuda ]; then
    while sleep 0.2; do nvidia-smi -i 0 --query-gpu=memory.used --format=csv,noheader,nounits; done > "$work/memory" 2> /dev/null &
    watcher=$!
  fi
  timeout "$left" "$@" > "$work/step.log" 2>&1 || code=$?
  if [ -n "$watcher" ]; then
    kill "$watcher"
    sort -n "$work/memory" | tail -n 1 > "$work/peak"
  fi
  if [ "$code" != 0 ]; then
    tail -n 20 "$work/step.log"
    row "$name" "FAILED ($code): $(tail -n 1 "$work/step.log" | tr '|' '/')"
    failed=$((failed + 1))
    return 1
  fi
}

value() { python3 -c 'import json, sys; print(json.loads([line for line in sys.stdin if line.startswith("{")][-1])[sys.argv[1]])' "$1"; }

milliseconds() { awk -v s="$1" 'BEGIN { printf "%.2f ms", 1000 * s }'; }

run() {
  local folder output
  folder=$(cd "$(dirname "$0")" && pwd)
  output=${1:-$folder/out}
  mkdir -p "$output"
  output=$(cd "$output" && pwd)
  device=${DEVICE:-cuda} started=$(date +%s) limit=480 failed=0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  table=$output/gpu.md
  tar -C "$work" -xJf "$folder/program.tar.xz"
  export DOTNET_ROOT=$work/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_gcServer=0
  local dotnet=$work/dotnet/dotnet tests=$work/SanityChecks.Tests engine images batch layers networks
  if [ "$device" = cuda ]; then
    engine=torch:cuda images=50 batch=50 layers=all networks=33
  else
    engine=${ENGINE:-cpu} images=2 batch=2 layers=[fc8] networks=3
  fi

  local libtorch=()
  if [[ $engine == torch* ]]; then
    SANITYCHECKS_LIBTORCH=$(python3 -c 'import torch; print(torch.__path__[0] + "/lib")')
    export SANITYCHECKS_LIBTORCH SANITYCHECKS_LIBTORCH_ANY_VERSION=1
    libtorch=(--libtorch "$SANITYCHECKS_LIBTORCH")
  fi

  {
    if [ "$device" = cuda ]; then
      echo "# $(nvidia-smi -i 0 --query-gpu=name --format=csv,noheader)"
      echo
      echo "Driver $(nvidia-smi -i 0 --query-gpu=driver_version --format=csv,noheader), $(nproc) processors."
    else
      echo "# A dry run without a card"
    fi
    echo "PyTorch $(python3 -c 'import torch; print(torch.__version__)'), TorchSharp made for 2.10; SanityChecks at $(cat "$folder/commit"); VGG16 at full width, 224 x 224, random weights; \`tests/gpu/check.sh\`."
    echo
    echo "| what | result |"
    echo "|--|--|"
  } > "$table"

  if step "compute tests on $engine" env SANITYCHECKS_ENGINE="$engine" SANITYCHECKS_SLOW=1 "$dotnet" "$tests/SanityChecks.Tests.dll" -class SanityChecks.Tests.Compute.EngineConformanceTests -noColor -noLogo; then
    row "compute tests on $engine" "$(grep -o 'Total: .*' "$work/step.log" | sed 's/, Time.*//')"
  fi

  local weights=$work/vgg16.pth ours="" theirs=""
  step "weights by PyTorch" python3 "$folder/pytorch.py" weights "$weights" || true
  if step "VGG16, our program" "$dotnet" "$work/SanityChecks.Benchmarks/SanityChecks.Benchmarks.dll" vgg16 --weights "$weights" --batch "$batch" --engine "$engine" "${libtorch[@]}" --json; then
    ours=$(cat "$work/step.log")
    row "engine" "$(value instructions <<< "$ours")"
  fi
  if step "VGG16, PyTorch" python3 "$folder/pytorch.py" time "$device" --weights "$weights" --batch "$batch" --networks "$networks"; then
    theirs=$(cat "$work/step.log")
  fi
  local key
  for key in forward forward_input_gradient; do
    if [ -n "$ours" ] && [ -n "$theirs" ]; then
      local a b
      a=$(value $key <<< "$ours") b=$(value $key <<< "$theirs")
      row "$key of an image, batch $batch" "ours $(milliseconds "$a"), PyTorch $(milliseconds "$b"), ratio $(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", a / b }')"
    fi
  done

  # The original network is a row of both, so the two have 33 different sets of weights in all.
  local begun seconds=0 experiment
  for experiment in cascade independent; do
    begun=$(date +%s.%N)
    if step "$experiment" "$dotnet" "$tests/SanityChecks.dll" --config "$work/configs/$experiment.yaml" --set "model.weights=$weights" --set "images.count=$images" --set "randomization.layers=$layers" \
      --set "methods=[grad_cam,guided_backprop]" --set output.maps=none --engine "$engine" "${libtorch[@]}" --out "$work/$experiment"; then
      seconds=$(awk -v s="$seconds" -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", s + b - a }')
      row "$experiment, $images images, two methods, four metrics" "$(awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }') s, $(($(wc -l < "$work/$experiment/scores.csv") - 1)) scores$([ -s "$work/peak" ] && echo ", peak $(cat "$work/peak") MiB of the card")"
      cp "$work/$experiment/summary.csv" "$output/$experiment.summary.csv"
    fi
  done
  row "both, with all scores" "$seconds s"
  if [ -n "$theirs" ]; then
    row "PyTorch, as many maps of $networks networks, no scores" "$(awk -v s="$(value maps <<< "$theirs")" 'BEGIN { printf "%.1f", s }') s$([ "$device" = cuda ] && echo ", peak $(value peak_mib <<< "$theirs") MiB")"
  fi
  row "the whole check" "$(elapsed) s, $failed failed"
  cat "$table"
  [ "$failed" = 0 ]
}

case "${1:-}" in
  prepare) prepare "${2:?a folder}" ;;
  run) shift; run "$@" ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
