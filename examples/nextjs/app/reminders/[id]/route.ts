import { TimerStoreError } from 'pg-timer-store';
import { timers } from '../../../timers';

type Context = { params: Promise<{ id: string }> };

export async function PUT(request: Request, { params }: Context) {
  const { executeAt, text } = await request.json();
  return await answer(async () => {
    const engine = await timers();
    const { id } = await params;
    await engine.schedule({ id, namespace: 'reminders', executeAt: new Date(executeAt), payload: { text } });
  });
}

export async function DELETE(_request: Request, { params }: Context) {
  return await answer(async () => (await timers()).cancel('reminders', (await params).id));
}

async function answer(work: () => Promise<void>): Promise<Response> {
  try {
    await work();
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof TimerStoreError)) throw error;
    const status = { TIMER_NOT_FOUND: 404, INVALID_ARGUMENT: 400 }[error.code as string] ?? 503;
    return Response.json({ code: error.code, message: error.message }, { status });
  }
}
