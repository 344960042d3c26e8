#!/usr/bin/env bash
# A study in six shards on a real Slurm, two nodes of one processor each on this machine: one node is set down in the middle, one shard's program is killed with -9, and one is told that its time is up. All
# three are queued again, and the merge behind them must equal the run that was never divided, byte for byte. Everything that is started here is ended here; nothing of a Slurm that runs already is touched.
#
#   tests/slurm/run.sh PROGRAM      a published program: dotnet publish SanityChecks.csproj -c Release -o FOLDER
#
# Needs root and Debian's packages slurm-wlm and munge. Exit code 77 and a reason where it cannot be done.
set -uo pipefail

program=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 2
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" = 0 ] || skip "slurmd needs root"
for tool in slurmctld slurmd sbatch munged; do
  command -v $tool > /dev/null || skip "there is no $tool: apt-get install --no-install-recommends slurm-wlm munge"
done

work=$(mktemp -d)
chmod 755 "$work"
export SLURM_CONF=$work/slurm.conf
started=()

# shellcheck disable=SC2317 # called by the trap
finish() {
  scancel --user=root 2> /dev/null # of this Slurm alone: SLURM_CONF says which
  for _ in {1..20}; do [ -z "$(squeue -h 2> /dev/null)" ] && break; sleep 1; done
  for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
  for pid in "${started[@]}"; do wait "$pid" 2> /dev/null; done
  if [ "${KEEP:-}" = yes ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() { echo "failed: $1"; tail -n 30 "$work"/run/shards/logs/*.log "$work"/*.log; exit 1; }

host=$(hostname)
mkdir "$work"/{n1,n2,state}
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
chmod 400 "$work/munge.key"
cat > "$SLURM_CONF" << CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17817
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/%n/spool
SlurmdPidFile=$work/%n/slurmd.pid
SlurmctldPidFile=$work/slurmctld.pid
SlurmdLogFile=$work/%n.log
SlurmctldLogFile=$work/slurmctld.log
SchedulerParameters=sched_interval=5
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17001 CPUs=1
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=17002 CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=1:00:00 State=UP
CONF

munged --foreground --force --socket="$work/munge.socket" --key-file="$work/munge.key" --pid-file="$work/munged.pid" --log-file="$work/munged.log" \
  --seed-file="$work/munged.seed" 2> "$work/munged.err.log" &
started+=($!)
for _ in {1..20}; do [ -S "$work/munge.socket" ] && break; sleep .2; done
slurmctld -D -c > "$work/slurmctld.out.log" 2>&1 &
started+=($!)
for node in n1 n2; do
  slurmd -D -N $node > "$work/$node.out.log" 2>&1 &
  started+=($!)
done
for _ in {1..60}; do [ "$(sinfo -h -o %T 2> /dev/null)" = idle ] && break; sleep .5; done
[ "$(sinfo -h -o %T)" = idle ] || { cat "$work"/*.log; skip "Slurm does not start here"; }
echo "Slurm $(sbatch --version) is up"

study=(--set images.count=18 --set images.batch=1 --set "randomization.layers=[fc8,conv5_3,conv4_3,conv3_3,conv2_1]" --set randomization.draws=2
  --set output.maps=png --set output.maps_for_images=2)
"$program" --config configs/ci.yaml "${study[@]}" --out "$work/single" > "$work/single.log" || fail "the run that is not divided"
"$program" shards plan configs/ci.yaml "${study[@]}" --out "$work/run" --count 6 --slurm --program "$program" --cpus 1 --time 10 --partition all || fail "plan"
command -v shellcheck > /dev/null && { shellcheck "$work/run/shards/slurm.sh" || fail "shellcheck"; }
begin=$SECONDS
bash "$work/run/shards/slurm.sh" || fail "sbatch"

# The shard that runs on a node, with its program's process; nothing before it has written a unit.
running() {
  local task record
  task=$(squeue -h -r -t RUNNING -w "$1" -o %K | head -n 1)
  record=$(cat "$work/run/shards/$(printf '%04d-of-0006' "${task:-0}")/shard.json" 2> /dev/null) || return 1
  [[ $record =~ \"running\" ]] && [[ $record =~ \"process\":\ ([0-9]+) ]] || return 1
  local process=${BASH_REMATCH[1]}
  [ "$(wc -l < "$work/run/shards/$(printf '%04d-of-0006' "$task")/scores.csv")" -gt 1 ] && kill -0 "$process" 2> /dev/null && echo "$task $process"
}
await() { for _ in {1..300}; do running "$1" && return; sleep .2; done; fail "no shard runs on $1"; }

read -r lost _ <<< "$(await n2)"
scontrol update NodeName=n2 State=DOWN Reason=test || fail "scontrol"
echo "node n2 is down with shard $lost"
read -r killed process <<< "$(await n1)"
kill -9 "$process" || fail "kill"
echo "shard $killed: process $process killed with -9"
for _ in {1..100}; do
  read -r stopped _ <<< "$(await n1)"
  [ "$stopped" != "$killed" ] && break
  sleep .2
done
scancel --signal=USR1 --batch "$(squeue -h -r -t RUNNING -w n1 -o %A | head -n 1)" 2> /dev/null # it complains where the job is fast
echo "shard $stopped: told that its time is almost up"
sleep 3
"$program" shards status "$work/run"
scontrol update NodeName=n2 State=RESUME 2> /dev/null # it may have come back by itself

for _ in {1..600}; do
  [ -z "$(squeue -h)" ] && break
  sleep 1
done
grep -v "^[ +|]" "$work/run/shards/logs/merge.log"
for shard in "$lost" "$killed" "$stopped"; do
  grep -c "^Do the maps" "$work/run/shards/logs/$shard.log" | grep -q '^2$' || fail "shard $shard did not begin twice"
done
grep -q "ended with 137, and is queued again" "$work/run/shards/logs/$killed.log" || fail "the killed shard did not queue itself again"
grep -q "ended with 130, and is queued again" "$work/run/shards/logs/$stopped.log" || fail "the shard whose time was up did not queue itself again"
"$program" shards status "$work/run" || fail "not all shards are done"
grep -Eq "not finished|in use" "$work/run/shards/logs/merge.log" && fail "the merge began before the shards were done, or twice"
# When each shard ran, and on how many processors, which the report tells too.
for file in "$work"/*/manifest.json; do sed -i '/"sessions"/,/^  \]/d; /"description"/d; /"cores"/d' "$file"; done
diff -r -x shards -x report.html "$work/single" "$work/run" || fail "the merged run differs"
echo "passed: merged from six shards on two nodes, byte for byte the single run, in $((SECONDS - begin)) s"
