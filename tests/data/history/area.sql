-- What IPython wrote down while area.ipynb was made: session 2 is the notebook's. In it [7] was `%paste`, which is
-- never stored, and [6] a cell that was deleted. The tables are IPython's own.
CREATE TABLE sessions (session integer primary key autoincrement, start timestamp, end timestamp, num_cmds integer, remark text);
CREATE TABLE history (session integer, line integer, source text, source_raw text, PRIMARY KEY (session, line));
CREATE TABLE output_history (session integer, line integer, output text, PRIMARY KEY (session, line));
INSERT INTO sessions VALUES
	(1, '2026-03-01 09:00:00.000000', '2026-03-01 09:30:00.000000+00:00', 3, ''),
	(2, '2026-03-02 14:00:00.000000', NULL, NULL, ''),
	(3, '2026-03-03 08:00:00.000000', '2026-03-03 08:10:00.000000+00:00', 2, '');
INSERT INTO history (session, line, source_raw) VALUES
	(1, 1, 'import pandas as pd'),
	(1, 2, 'df = pd.read_csv("sales.csv")'),
	(1, 3, 'df.describe()'),
	(2, 1, 'import math' || char(10) || 'r = 2'),
	(2, 2, 'def area(r):' || char(10) || '    return math.pi * r ** 2'),
	(2, 3, 'area(r)'),
	(2, 4, 'r = 3'),
	(2, 5, 'print(''done'')'),
	(2, 6, 'scratch = area(r) * 2'),
	(2, 8, 'import math' || char(10) || 'r = 3'),
	(2, 9, 'area(r)'),
	(2, 10, 'area(r) / 0'),
	(3, 1, 'import math'),
	(3, 2, 'math.tau');
UPDATE history SET source = source_raw;
