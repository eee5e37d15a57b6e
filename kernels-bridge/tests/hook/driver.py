"""Runs cells in a real kernel for the tests: commands as JSON lines on stdin, one answer a line.

{"do": "start", "hook": "extension" | "inline" | "none"}   -> {"pid": ...}
{"do": "run", "cells": [{"id", "source"}]}  all sent at once, as Run All does
                                             -> {"replies": [{"status", "ename"}], "output": text}
{"do": "comm", "since": n}                  -> {"records": [...]}
{"do": "path", "path": p}                   -> {}
{"do": "kill"} | {"do": "shutdown"}         -> {}
"""

import json
import os
import queue
import signal
import sys
import time

from jupyter_client.manager import KernelManager


class Driver:
    """One kernel and its client."""

    def start(self, command):
        """Start the kernel with the hook loaded in the way asked for."""
        arguments = ["--ext", "slipway.hook"] if command["hook"] == "extension" else []
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(extra_arguments=arguments, stderr=open(os.devnull, "w"))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        if command["hook"] == "inline":
            sys.path.insert(0, os.environ["HOOK_PATH"])
            from slipway.hook import inline_source

            self.client.execute(inline_source(), silent=True, store_history=False, reply=True, timeout=60)
        return {"pid": self.manager.provisioner.pid}

    def run(self, command):
        """Send the cells one after the other without waiting, as a front end does, then collect."""
        ids = []
        for cell in command["cells"]:
            message = self.client.session.msg("execute_request", {"code": cell["source"], "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
            message["metadata"] = {"cellId": cell["id"]}
            self.client.shell_channel.send(message)
            ids.append(message["header"]["msg_id"])
        replies, output, idle = {}, "", set()
        while len(replies) < len(ids):
            reply = self.client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") not in ids:
                continue  # a late answer to `wait_for_ready`
            replies[reply["parent_header"]["msg_id"]] = {"status": reply["content"]["status"], "ename": reply["content"].get("ename")}
        while not set(ids) <= idle:
            message = self.client.get_iopub_msg(timeout=30)
            if message["msg_type"] == "stream":
                output += message["content"]["text"]
            elif message["msg_type"] == "error":
                output += "\n".join(message["content"]["traceback"])
            elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                idle.add(message["parent_header"]["msg_id"])
        return {"replies": [replies[each] for each in ids], "output": output}

    def comm(self, command):
        """Open the comm and collect what comes until it is quiet."""
        message = self.client.session.msg("comm_open", {"comm_id": "test", "target_name": "slipway", "data": {"since": command.get("since", 0)}})
        self.client.shell_channel.send(message)
        records, until = [], time.time() + 1.5
        while time.time() < until:
            try:
                message = self.client.get_iopub_msg(timeout=0.3)
            except queue.Empty:
                continue
            if message["msg_type"] == "comm_msg":
                records.append(message["content"]["data"])
        return {"records": records}

    def path(self, command):
        """Tell the kernel which notebook it runs."""
        self.client.shell_channel.send(self.client.session.msg("comm_msg", {"comm_id": "test", "data": {"notebookPath": command["path"]}}))
        time.sleep(0.5)
        return {}

    def kill(self, _command):
        """End the kernel as a crash would."""
        os.kill(self.manager.provisioner.pid, signal.SIGKILL)
        return {}

    def shutdown(self, _command):
        """End the kernel as a front end does."""
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        return {}


def main():
    """Answer commands until stdin ends; a kernel still alive then ends with it."""
    driver = Driver()
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(driver, command["do"])(command)
        except Exception as error:  # noqa: BLE001 - told to the test
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    if driver.__dict__.get("manager") and driver.manager.is_alive():
        driver.manager.shutdown_kernel(now=True)


main()
