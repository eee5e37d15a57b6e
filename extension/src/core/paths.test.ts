import { absolutePath, localPath, serverRoot } from './paths';

test('the page’s root URI names the served folder, else Jupyter’s option with its tilde', () => {
  const page = (options: Record<string, string>) => (name: string) => options[name] ?? '';
  expect(serverRoot(page({ rootUri: 'file:///home/ada/my%20work', serverRoot: '~/my work' }))).toBe('/home/ada/my work');
  expect(serverRoot(page({ serverRoot: '~/my work' }))).toBe('~/my work');
});

test('a document’s path goes to disk and back', () => {
  expect(absolutePath('a/b.ipynb', '/srv/work/')).toBe('/srv/work/a/b.ipynb');
  expect(localPath('/srv/work/a/b.ipynb', '/srv/work')).toBe('a/b.ipynb');
  expect(localPath('/home/ada/work/a/b.ipynb', '~/work')).toBe('a/b.ipynb');
  expect(localPath('/elsewhere/b.ipynb', '/srv/work')).toBeNull();
});
