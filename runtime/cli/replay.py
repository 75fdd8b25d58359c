SUMMARY = "x"; GROUP = "Run"
def declare(p): pass
def execute(o): return 0
