"""python -m funcsmith"""

from funcsmith.cli import main

if __name__ == "__main__":
    main()
