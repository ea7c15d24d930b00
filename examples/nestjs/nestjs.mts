/**
 * Reminders by HTTP, with NestJS: store and engine are providers, and end with the application.
 *
 *   DATABASE_URL=postgres://… npx tsx examples/nestjs/nestjs.mts
 */
import * as nest from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PostgresTimerStore, type Timer, TimerStoreError } from 'pg-timer-store';
import { TimerEngine } from 'pg-timer-store/engine';

type Reminder = { readonly executeAt: string; readonly text: string };

@nest.Controller('reminders')
class RemindersController {
  constructor(@nest.Inject(TimerEngine) private readonly engine: TimerEngine) {}

  @nest.Put(':id')
  @nest.HttpCode(204)
  async put(@nest.Param('id') id: string, @nest.Body() { text, executeAt }: Reminder) {
    const timer = { id, namespace: 'reminders', executeAt: new Date(executeAt), payload: { text } };
    await this.engine.schedule(timer);
  }

  @nest.Delete(':id')
  @nest.HttpCode(204)
  delete(@nest.Param('id') id: string) {
    return this.engine.cancel('reminders', id);
  }
}

@nest.Catch(TimerStoreError)
class TimerErrors implements nest.ExceptionFilter<TimerStoreError> {
  catch({ code, message }: TimerStoreError, host: nest.ArgumentsHost) {
    // Whoever gets a 503 sends it again: a create replaces the timer of its id.
    const status = { TIMER_NOT_FOUND: 404, INVALID_ARGUMENT: 400 }[code as string] ?? 503;
    host.switchToHttp().getResponse().status(status).json({ code, message });
  }
}

const deliver = async ({ id, payload }: Timer<{ text: string }>) => console.log(`${id} ${payload.text}`);
const start = (store: PostgresTimerStore) =>
  TimerEngine.start({ store, shardCount: 64, address: 'reminders', deliver });
const providers = [
  { provide: PostgresTimerStore, useFactory: () => PostgresTimerStore.connect(process.env['DATABASE_URL']) },
  { provide: TimerEngine, useFactory: start, inject: [PostgresTimerStore] },
];

@nest.Module({ controllers: [RemindersController], providers })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.useGlobalFilters(new TimerErrors());
await app.listen(0, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
process.once('SIGTERM', async () => {
  await app.close();
  await app.get(TimerEngine).stop();
  await app.get(PostgresTimerStore).close();
});
