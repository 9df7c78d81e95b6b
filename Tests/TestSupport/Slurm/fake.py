#!/usr/bin/python3
"""sbatch, squeue, scancel and scontrol without a Slurm, under the name by which this file is called.

Jobs are folders below $FAKE_SLURM: job.json, and for each task its state in TASK.json and what is to become of it in TASK.order.
sbatch leaves a process behind that starts the tasks of its array, at most so many at once, and collects their ends.
"""
import fcntl, json, os, shlex, shutil, signal, subprocess, sys, time

ROOT = os.environ["FAKE_SLURM"]
KILL_WAIT = 2.0  # seconds from SIGTERM to SIGKILL
MAX_ARRAY_SIZE = 1001


def put(path, value):
    with open(path + ".new", "w") as file:
        json.dump(value, file)
    os.rename(path + ".new", path)


def get(path):
    with open(path) as file:
        return json.load(file)


def fail(command, *lines):
    for line in lines:
        print(f"{command}: error: {line}", file=sys.stderr)
    sys.exit(1)


def job_ids():
    return sorted((int(name) for name in os.listdir(ROOT) if name.isdigit()))


def tasks_of(job):
    names = os.listdir(f"{ROOT}/{job}")
    return sorted(int(n[:-5]) for n in names if n.endswith(".json") and n != "job.json")


def sbatch(words):
    given, script = {}, None
    for word in words:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            given[name] = value
        else:
            script = word
    with open(script, newline="") as file:
        lines = file.read().split("\n")
    options = {}
    for line in lines:
        if line.startswith("#SBATCH "):
            name, _, value = shlex.split(line[8:])[0][2:].partition("=")
            options[name] = value
    options.update(given)
    if options.get("partition", "main") != "main":
        fail("sbatch", f"invalid partition specified: {options['partition']}",
             "Batch job submission failed: Invalid partition name specified")
    tasks, _, most = options["array"].partition("%")
    last = int(tasks.partition("-")[2])
    if last >= MAX_ARRAY_SIZE:
        fail("sbatch", "Batch job submission failed: Invalid job array specification")
    with open(f"{ROOT}/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        job = max(job_ids(), default=0) + 1
        os.mkdir(f"{ROOT}/{job}")
    with open(f"{ROOT}/{job}/script", "w") as file:
        file.write("\n".join(lines))
    os.chmod(f"{ROOT}/{job}/script", 0o755)
    for task in range(last + 1):
        put(f"{ROOT}/{job}/{task}.json", {"state": "PENDING", "status": 0, "restarts": 0})
    put(f"{ROOT}/{job}/job.json", {"most": int(most or last + 1), "output": options["output"]})
    subprocess.Popen([sys.executable, os.path.realpath(__file__), "run", str(job)], start_new_session=True, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(job if "parsable" in options else f"Submitted batch job {job}")


def log_path(pattern, job, task):
    return pattern.replace("%%", "\0").replace("%A", str(job)).replace("%a", str(task)).replace("\0", "%")


def start(job, description, task, state):
    environment = dict(os.environ, SLURM_JOB_ID=f"{job}{task:04}", SLURM_ARRAY_JOB_ID=str(job), SLURM_ARRAY_TASK_ID=str(task),
                       SLURM_CPUS_ON_NODE="1", SLURM_RESTART_COUNT=str(state["restarts"]), SLURMD_NODENAME="fake")
    with open(log_path(description["output"], job, task), "a") as log:
        return subprocess.Popen([f"{ROOT}/{job}/script"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True, env=environment)


def run(job):
    """Starts the tasks of an array and collects their ends, until it is told to end itself: then it leaves nothing."""
    place = f"{ROOT}/{job}"
    description = get(f"{place}/job.json")
    states = {task: get(f"{place}/{task}.json") for task in tasks_of(job)}
    running, asked = {}, {}

    def now_is(task, **changes):
        states[task].update(changes)
        put(f"{place}/{task}.json", states[task])

    def order(task):
        path = f"{place}/{task}.order"
        return get(path) if os.path.exists(path) else None

    while not os.path.exists(f"{ROOT}/end"):
        for task, state in states.items():
            wanted = order(task)
            if task in running:
                process = running[task]
                if wanted and task not in asked:
                    asked[task] = time.monotonic()
                    os.killpg(process.pid, signal.SIGTERM)
                if task in asked and time.monotonic() - asked[task] > KILL_WAIT:
                    os.killpg(process.pid, signal.SIGKILL)
                if process.poll() is None:
                    continue
                del running[task]
                asked.pop(task, None)
                code = process.returncode
                status = -code if code < 0 else code << 8
                if wanted:
                    os.unlink(f"{place}/{task}.order")
                if wanted == "requeue":
                    now_is(task, state="PENDING", status=status, restarts=state["restarts"] + 1, pid=None)
                elif wanted == "cancel":
                    now_is(task, state="CANCELLED", status=status, pid=None)
                else:
                    now_is(task, state="COMPLETED" if code == 0 else "FAILED", status=status, pid=None)
            elif wanted:
                os.unlink(f"{place}/{task}.order")
                if wanted == "requeue":
                    now_is(task, state="PENDING", restarts=state["restarts"] + 1)
                elif state["state"] == "PENDING":
                    now_is(task, state="CANCELLED")
            elif state["state"] == "PENDING" and len(running) < description["most"]:
                running[task] = start(job, description, task, state)
                now_is(task, state="RUNNING", pid=running[task].pid, since=int(time.time()))
        time.sleep(0.02)
    for process in running.values():
        os.killpg(process.pid, signal.SIGKILL)
    shutil.rmtree(place)


def squeue(words):
    options = dict(word[2:].partition("=")[::2] for word in words)
    ids = [int(word) for word in options["jobs"].split(",")]
    known = [job for job in ids if job in job_ids()]
    if len(ids) == 1 and not known:
        print("slurm_load_jobs error: Invalid job id specified", file=sys.stderr)
        sys.exit(1)
    for job in known:
        most = get(f"{ROOT}/{job}/job.json")["most"]
        states = {task: get(f"{ROOT}/{job}/{task}.json") for task in tasks_of(job)}
        isFull = sum(state["state"] == "RUNNING" for state in states.values()) >= most
        for task, state in states.items():
            reasons = {"PENDING": "JobArrayTaskLimit" if isFull else "None", "FAILED": "NonZeroExitCode"}
            fields = {"ArrayJobID": job, "ArrayTaskID": task, "State": state["state"], "exit_code": state["status"],
                      "RestartCnt": state["restarts"], "StartTime": state.get("since", "N/A"),
                      "NodeList": "fake" if "since" in state else "", "Reason": reasons.get(state["state"], "None")}
            columns = [column.partition(":") for column in options["Format"].split(",")]
            print("".join(str(fields[name])[:int(width)].ljust(int(width)) for name, _, width in columns))


def wanted_tasks(words):
    for word in words:
        if not word.startswith("-"):
            job, _, task = word.partition("_")
            if int(job) not in job_ids():
                fail("scancel", f"Kill job error on job id {word}: Invalid job id specified")
            for each in [int(task)] if task else tasks_of(int(job)):
                yield int(job), each


def scancel(words):
    options = dict(word[2:].partition("=")[::2] for word in words if word.startswith("--"))
    for job, task in wanted_tasks(words):
        state = get(f"{ROOT}/{job}/{task}.json")
        if "signal" in options:
            if state["state"] == "RUNNING":
                number = getattr(signal, "SIG" + options["signal"])
                (os.kill if "batch" in options else os.killpg)(state["pid"], number)
        elif state["state"] in ("PENDING", "RUNNING"):
            put(f"{ROOT}/{job}/{task}.order", "cancel")


def scontrol(words):
    if words == ["show", "config"]:
        print(f"Configuration data as of now\nMaxArraySize            = {MAX_ARRAY_SIZE}\nMaxJobCount             = 10000")
    elif words[0] == "requeue":
        for job, task in wanted_tasks(words[1:]):
            put(f"{ROOT}/{job}/{task}.order", "requeue")
    else:
        fail("scontrol", f"invalid keyword: {words[0]}")


name = os.path.basename(sys.argv[0])
if name == "fake.py":
    run(int(sys.argv[2]))
else:
    {"sbatch": sbatch, "squeue": squeue, "scancel": scancel, "scontrol": scontrol}[name](sys.argv[1:])
