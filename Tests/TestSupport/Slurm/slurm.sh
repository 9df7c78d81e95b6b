#!/bin/sh
# A Slurm of one node for tests, in one folder: key, sockets, state, spool, logs and ids of processes are there, its ports
# are its own. Nothing of the system's Slurm is read or touched.
#
#   slurm.sh start FOLDER [PID]          up within some seconds; stopped when the process PID has ended
#   slurm.sh restart-controller FOLDER   ends slurmctld, where it runs, and starts it with its state
#   slurm.sh stop FOLDER                 ends all its daemons and jobs, and deletes the folder
#
# Commands find it by SLURM_CONF=FOLDER/slurm.conf.
set -eu
# `stop` goes by this variable, and must not end itself.
[ -z "${SLURM_CONF+x}" ] || exec env -u SLURM_CONF sh "$0" "$@"
PATH=$PATH:/usr/sbin:/sbin
action=$1
folder=$2
conf=$folder/slurm.conf

free_port() {
    while :; do
        port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
        grep -qi ":$(printf %04X "$port") " /proc/net/tcp /proc/net/tcp6 || break
    done
    echo "$port"
}

# linuxproc and task/none: a container has no control groups to give away. Without accounting there is no sacct.
configure() {
    host=$(hostname -s)
    user=$(id -un)
    cat >"$conf" <<CONF
ClusterName=test$$
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmctldSyslogDebug=quiet
SlurmdSyslogDebug=quiet
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
MinJobAge=3600
KillWait=3
MailProg=/bin/true
NodeName=node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

# What it has started, jobs and the process that waits for PID included, by a variable of their environment.
processes() {
    for entry in /proc/[0-9]*; do
        id=${entry#/proc/}
        [ "$id" != $$ ] || continue
        if tr '\0' '\n' 2>/dev/null <"$entry/environ" | grep -qxF "SLURM_CONF=$conf"; then echo "$id"; fi
    done 2>/dev/null
}

stop() {
    for signal in TERM KILL KILL KILL; do
        ids=$(processes)
        [ -n "$ids" ] || break
        # shellcheck disable=SC2086
        kill -$signal $ids 2>/dev/null || true
        sleep 0.3
    done
    rm -rf "$folder"
}

# Waits for a command to succeed.
until_true() {
    for _ in $(seq 100); do
        if "$@"; then return 0; fi
        sleep 0.1
    done
    return 1
}

is_idle() { [ "$(sinfo -h -o %t 2>/dev/null)" = idle ]; }
# Whether the node has said what runs on it.
is_known() { sinfo -h -o %t 2>/dev/null | grep -qxE 'idle|mix|alloc|comp'; }

start() {
    mkdir -p "$folder/munge" "$folder/private" "$folder/state" "$folder/spool"
    chmod 700 "$folder/private"
    dd if=/dev/urandom of="$folder/private/key" bs=128 count=1 2>/dev/null
    chmod 600 "$folder/private/key"
    configure
    export SLURM_CONF="$conf"
    munged --socket="$folder/munge/socket" --key-file="$folder/private/key" --pid-file="$folder/private/pid" \
        --log-file="$folder/private/log" --seed-file="$folder/private/seed"
    slurmctld
    slurmd -N node
    until_true is_idle
}

case $action in
start)
    if ! start >"$folder.start" 2>&1; then
        cat "$folder.start" "$folder"/slurm*.log >&2 || true
        rm -f "$folder.start"
        stop
        exit 1
    fi
    rm -f "$folder.start"
    if [ $# -gt 2 ]; then
        setsid sh -c 'tail --pid="$1" -f /dev/null; exec sh "$2" stop "$3"' sh "$3" "$0" "$folder" </dev/null >/dev/null 2>&1 &
    fi
    ;;
restart-controller)
    # Asked to end, it writes its state. Killed, it would know nothing of its last seconds, and have their tasks begin again.
    kill -TERM "$(cat "$folder/slurmctld.pid")" 2>/dev/null || true
    export SLURM_CONF="$conf"
    until_true slurmctld >/dev/null 2>&1
    until_true is_known
    ;;
stop) stop ;;
*)
    echo "usage: slurm.sh start|restart-controller|stop FOLDER" >&2
    exit 2
    ;;
esac
