-- Rows as a program of schema 1 wrote them.
INSERT INTO runs (id, session, at, purpose, template, brief, provider, model, params, examples, user)
VALUES ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000001',
    1763900000000, 'generate', 'story', '{"topic":"tea"}', 'practice', 'small', '{}', '[]', 'Write.');
INSERT INTO pieces (run, text) VALUES (1, 'Once upon'), (1, ' a time');
INSERT INTO spending (run, at, template, provider, model, input, output, cached, reasoning, cost)
VALUES ('00000000-0000-0000-0000-000000000006', 1763900000000, 'story', 'practice', 'small', 10, 20, 0, 0, 0.5);
INSERT INTO versions (key, path, at, cause, hash, words, bytes, text)
VALUES ('a-draft', '/drafts/a.md', 1763900000000, 'refine', 'ab', 2, 9, 'two words');
INSERT INTO buffers (id, session, title, cursor, at, text)
VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001',
    'Greeting', 5, 1763900000000, 'Hello');
INSERT INTO patches (buffer, step, start, removed, inserted, length, weight, cursor, at)
VALUES (1, 1, 5, 0, ', world', 12, 7, 12, 1763900000001);
INSERT INTO past_values (template, input, hash, at, value)
VALUES ('story', 'topic', 'ab', 1763900000000, '"tea"');
INSERT INTO uses (template, count, at, brief) VALUES ('story', 3, 1763900000000, '{"topic":"tea"}');
