// A provider of sign-ins (oidc-provider, certified by the OpenID Foundation). Whoever logs in is the subject he types.
import { Provider } from 'oidc-provider';

const { port, clients } = JSON.parse(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  cookies: { keys: ['for tests only'] },
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject }) }),
});
provider.on('server_error', (_, error) => console.error(error));
provider.listen(port, '127.0.0.1', () => console.log('ready'));
