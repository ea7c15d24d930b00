export function ownerOf(_shardId: number, members: readonly string[]): string {
  return members[0] as string;
}
