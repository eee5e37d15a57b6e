# %% [load]
ROWS = 4
UNIT = 1.0
rows = [n * UNIT for n in range(ROWS)]

# %% [square]
area = row ** 2

# %% [add]
import pandas as pd

total = float(pd.Series(area).sum())
print('total', total)

# %% [report]
with open('report.txt', 'w') as file:
    file.write(f'größe {total}')

# %% [tidy]
# %matplotlib inline
print('tidied')

# %% [few]
verdict = 'few'

# %% [many]
verdict = 'many'

# %% [tell]
open('verdict.txt', 'w').write(verdict)

# %% [alarm]
open('alarm.txt', 'w').write('a step failed')
