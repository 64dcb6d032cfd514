"""What Alembic runs: the steps that are missing, on the connection that it is given, inside the caller's transaction."""

from alembic import context

if __name__ == "env_py":  # the name under which Alembic loads this file; importing it by its own name does nothing
    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()
