import { CallError } from './api/call-error';

declare global {
  interface Window {
    /** Of Chromium alone, in pages by https or of this machine. */
    readonly showSaveFilePicker?: (options: {
      readonly suggestedName: string;
    }) => Promise<FileSystemFileHandle>;
  }
}

/** As much as is held where a file cannot be written as it comes. */
const MAX_HELD_MB = 256;

/**
 * Saves the body of an answer: as it comes, into a file that is chosen before, where the browser can do that, and else when
 * it is there whole. What is cut off is not saved.
 *
 * @throws CallError the call fails, or the body is more than is held.
 */
export async function saveAnswer(name: string, call: () => Promise<Response>): Promise<void> {
  if (window.showSaveFilePicker === undefined) {
    const { body } = await call();
    download(name, await hold(body));
    return;
  }
  // First: a browser asks where only while somebody has just clicked.
  const file = await window.showSaveFilePicker({ suggestedName: name }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
    return undefined;
  });
  if (file !== undefined) {
    const { body } = await call();
    await body?.pipeTo(await file.createWritable());
  }
}

async function hold(body: Response['body']): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let left = MAX_HELD_MB * 1e6;
  await body?.pipeTo(
    new WritableStream({
      write(part) {
        left -= part.length;
        if (left < 0) {
          throw new CallError(
            'TOO_LARGE',
            `These timers are more than the ${MAX_HELD_MB} MB that are held in this browser: choose fewer, or call /api/v1/timers/export`,
          );
        }
        parts.push(part);
      },
    }),
  );
  return new Blob(parts);
}

function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
