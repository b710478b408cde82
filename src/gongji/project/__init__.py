"""The project room: settings, the command line, the embedded database, what runs the other rooms."""
