/** Each rank tells rank 0 its number over a socket; alone, a notebook's kernel is its own world of one. */
export const GANG_CELLS = {
  setup: `import os, socket, struct, time
from sklearn.metrics import mean_absolute_error
FAILING = -1
rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
total = rank + 1.0`,
  gather: `if rank == FAILING:
    raise ValueError("this rank has had enough")
if world > 1:
    address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
    if rank == 0:
        with socket.create_server(address) as server:
            for _ in range(world - 1):
                peer, _ = server.accept()
                with peer:
                    total += struct.unpack("d", peer.recv(8))[0]
    else:
        for _ in range(1200):
            try:
                with socket.create_connection(address) as peer:
                    peer.send(struct.pack("d", total))
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
print("rank", rank, "of", world)`,
  score: 'mae = mean_absolute_error([0.0], [total])\nprint("mae", mae)'
};

export const GANG_GROUPING = [{ name: 'train', cells: ['setup', 'gather'] }, { name: 'score', cells: ['score'] }];
