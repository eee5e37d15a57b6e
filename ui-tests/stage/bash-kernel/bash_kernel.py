"""A kernel that is not Python's: runs each cell with bash, in the way of Jupyter's own example of a wrapper kernel."""

import subprocess

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class BashKernel(Kernel):
    implementation = "bash"
    implementation_version = "1"
    language_info = {"name": "bash", "mimetype": "text/x-sh", "file_extension": ".sh"}
    banner = "bash"

    async def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_):
        done = subprocess.run(["bash", "-c", code], capture_output=True, text=True)
        if not silent and done.stdout:
            self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": done.stdout})
        if done.returncode == 0:
            return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        error = {"ename": "exit", "evalue": str(done.returncode), "traceback": [done.stderr]}
        self.send_response(self.iopub_socket, "error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}


IPKernelApp.launch_instance(kernel_class=BashKernel)
