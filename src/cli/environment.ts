/**
 * Settles what oclif and chalk read from the environment while they load, so this module comes
 * first in the program.
 */

// Without these oclif asks the passwd file, and dies if an arbitrary uid (a container's) is not in it.
process.env.HOME ??= '/'
process.env.SHELL ??= 'sh'

// oclif would look for its own colour theme in the user's configuration directory.
process.env.ETCDSNAP_DISABLE_THEME = '1'

// chalk and supports-color know FORCE_COLOR, but not https://no-color.org.
if (process.env.NO_COLOR) process.env.FORCE_COLOR ??= '0'
