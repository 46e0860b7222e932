-- Stores that ran twice: into `double` they gave the same again, into `price` they did not.
CREATE TABLE sessions (session integer primary key autoincrement, start timestamp, end timestamp, num_cmds integer, remark text);
CREATE TABLE history (session integer, line integer, source text, source_raw text, PRIMARY KEY (session, line));
CREATE TABLE output_history (session integer, line integer, output text, PRIMARY KEY (session, line));
INSERT INTO sessions VALUES (1, '2026-03-02 14:00:00.000000', NULL, NULL, '');
INSERT INTO history (session, line, source_raw) VALUES
	(1, 1, 'from shop import load' || char(10) || 'table = load()' || char(10) || 'limit = 3'),
	(1, 2, 'table[''double''] = table[''price''] * limit'),
	(1, 3, 'table[''double''] = table[''price''] * limit'),
	(1, 4, 'print(table)'),
	(1, 5, 'table[''price''] = table[''price''] * 2'),
	(1, 6, 'table[''price''] = table[''price''] * 2'),
	(1, 7, 'table.describe()');
UPDATE history SET source = source_raw;
