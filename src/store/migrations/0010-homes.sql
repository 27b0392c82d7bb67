-- Every person's Home tab shows what waits for them: each is a subject of its own.
UPDATE outbox SET subject = key WHERE visibility = 'home';
