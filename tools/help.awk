# Prints the Makefile's help: `##@ Section`, `target: ... ## text`, `#: target  text`.
# A rule that begins with $(call each,VERB) stands for one target in every environment.
BEGIN { print "make TARGET [ARGS='flags of the command']" }

/^##@ Environments/ { next }
/^##@ / { flush_environments(); printf "\n%s\n", substr($0, 5); next }
/^#: / { name = $2; sub(/^#: +[^ ]+ +/, ""); line(name, $0); next }
/^\$\(call each,[a-z]+\):.*## / {
  verb = $0; sub(/^\$\(call each,/, "", verb); sub(/\).*/, "", verb)
  sub(/.*## /, "")
  verbs[++count] = verb; texts[count] = $0
  next
}
/^[a-z][a-z-]*:.*## / { name = $1; sub(/:$/, "", name); sub(/.*## /, ""); line(name, $0) }

END {
  print "\nmake ends with 2 whatever went wrong. For the exact code call bin/windlass:"
  print "  0 done  1 unexpected  2 usage  3 preflight failed, nothing touched"
  print "  4 failed and rolled back  5 something left behind (named)"
  print "  6 another run holds the environment  130 stopped watching, the run goes on"
}

function line(name, text) { printf "  %-21s %s\n", name, text }

function flush_environments(   i) {
  if (!count) return
  print "\nProduction"
  for (i = 1; i <= count; i++) line("production-" verbs[i], texts[i])
  print "\nStaging"
  for (i = 1; i <= count; i++) line("staging-" verbs[i], texts[i])
  count = 0
}
