/** The path of a file in a directory, spelled as the directory was: findings show what was typed. */
export function below(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`
}
