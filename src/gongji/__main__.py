"""`python -m gongji` is the command `gongji`."""

from gongji.project.cli import main

if __name__ == "__main__":
    main()
