"""What a person can ask of the app and do with it. Turns intents into store and sync; knows no screen."""
