"""JupyterLab as the stories drive it: Galata's helpers exposed, Jupyter's own XSRF checks on."""

from jupyterlab.galata import configure_jupyter_server

configure_jupyter_server(c)  # noqa: F821 - Jupyter gives the name
c.ServerApp.port_retries = 0  # noqa: F821
