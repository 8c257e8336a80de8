#!/bin/bash
# Campaigns under Slurm, on one node: slurmctld, slurmd and munged of its own, in a folder that is thrown away; two ranks by
# mpirun and by srun inside sbatch; a rank that is killed, and the same job again; the rows are those of 'asx run'. Once per
# release.
#   tests/mpi/slurm.sh FOLDER_OF_ASX [HOW ...]      as root, with slurmctld, slurmd, slurm-client, munge, sqlite3 (Debian's)
# HOW: mpirun, pmix, pmi2: how the ranks are started; else mpirun and what Debian's Open MPI (pmix) or MPICH (pmi2) knows
set -eu
program=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
shift
for need in slurmctld slurmd srun munged sqlite3; do
  command -v $need >/dev/null || PATH=$PATH:/usr/sbin command -v $need >/dev/null || { echo "skipped: no $need"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: not root"; exit 77; }
PATH=$program:$PATH:/usr/sbin
work=$(mktemp -d)
chmod 755 "$work"
daemons=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
mkdir munge state spool
chmod 711 munge
head -c 128 /dev/urandom >munge/key
chmod 400 munge/key
host=$(hostname -s)
cpus=$(nproc)
cat >slurm.conf <<CONF
ClusterName=asx
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
ReturnToService=2
JobRequeue=1
KillWait=20
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_WAIT_POLICY=passive
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" >munged.log 2>&1 &
daemons+=($!)
for _ in $(seq 50); do [ -S munge/socket ] && break; sleep 0.1; done
slurmctld -D >controller.log 2>&1 & daemons+=($!)
slurmd -D -N "$host" >node.log 2>&1 & daemons+=($!)
for _ in $(seq 100); do sinfo -h -o %t 2>/dev/null | grep -q idle && break; sleep 0.2; done
sinfo
srun --version

sed -e 's/name: tiny/name: many/' -e 's/\[4, 8\]/[3, 4, 5, 6, 7, 8]/' -e 's/none {1} {1,3}/{1} {1,3} {1,3,5}/' \
  "$source/tests/cli/tiny.yaml" >many.yaml
asx run many.yaml --db alone.db --threads 1 --format csv >alone.csv 2>/dev/null
rows() { "$source/tests/cli/rows" "$1"; }
rows alone.db >alone.rows
echo "asx run alone: $(wc -l <alone.rows) rows"
sed -e 's/count: 300/count: 40200/' -e 's/"0:100"/"0:40000"/' -e 's/"100:300"/"40000:40200"/' \
  -e 's/name: many/name: slow/' many.yaml >slow.yaml
failed=0
mpirun=mpirun.openmpi known=pmix
ldd "$program/asx-mpi" | grep -q libmpich && mpirun=mpirun.mpich known=pmi2

start_of() {
  case $1 in
  mpirun) echo "$mpirun -n 2" ;;
  *) echo "srun --mpi=$1 --kill-on-bad-exit=1 -n 2" ;;
  esac
}

job() { # NAME HOW CAMPAIGN DATABASE: the log of a job that waits for its end
  cat >"$1.sbatch" <<BATCH
#!/bin/bash
#SBATCH --job-name=$1
#SBATCH --ntasks=2
#SBATCH --output=$work/$1.log
#SBATCH --open-mode=append
#SBATCH --requeue
echo "\$(date +%T) job \$SLURM_JOB_ID on \$SLURM_JOB_NODELIST, \$SLURM_NTASKS tasks: $(start_of "$2")"
$(start_of "$2") $program/asx run $3 --db $4 --threads 1 --format csv >$work/$1.csv
code=\$?
echo "\$(date +%T) exit code \$code"
exit \$code
BATCH
}

same() { # CSV DATABASE ROWS
  if [ -f "$2" ] && rows "$2" | cmp -s - "$3.rows" && cmp -s "$1" "$3.csv"; then
    echo "the same rows and front"
  else
    echo "failed: other rows"
    failed=1
  fi
}

[ $# -gt 0 ] || set -- mpirun $known
for how in "$@"; do
  echo "== $how"
  job "$how" "$how" "$work/many.yaml" "$work/$how.db"
  sbatch --wait "$how.sbatch" || true
  cat "$how.log"
  same "$how.csv" "$how.db" alone
done

echo "== a rank is killed, and the job submitted again"
asx run slow.yaml --db calm.db --threads 1 --format csv >calm.csv 2>/dev/null
rows calm.db >calm.rows
job killed "$how" "$work/slow.yaml" "$work/killed.db"
sbatch --wait killed.sbatch &
for _ in $(seq 200); do
  [ "$(sqlite3 killed.db 'SELECT count(*) FROM evaluation' 2>/dev/null || echo 0)" -lt 3 ] || break
  sleep 0.1
done
victim=
for p in /proc/[0-9]*; do # rank 1
  grep -qz -e '^PMIX_RANK=1$' -e '^PMI_RANK=1$' "$p/environ" 2>/dev/null && grep -qz killed.db "$p/cmdline" &&
    victim=${p#/proc/}
done
kill -KILL "$victim"
wait $! || true
cat killed.log
echo "stored: $(sqlite3 killed.db 'SELECT count(*) FROM evaluation') of $(sqlite3 calm.db 'SELECT count(*) FROM evaluation')"
sbatch --wait killed.sbatch || true
tail -n 6 killed.log
same killed.csv killed.db calm
[ $failed = 0 ] || tail -n 20 slurmctld.log slurmd.log
exit $failed
