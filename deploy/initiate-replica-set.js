// Run by mongosh in docker-compose.yml. Makes three servers one replica set, and waits for its first primary. Done again
// it changes nothing.
const NOT_YET_INITIALIZED = 94
const hosts = ['mongo-1', 'mongo-2', 'mongo-3']
try {
  rs.status()
} catch (error) {
  if (error.code !== NOT_YET_INITIALIZED) throw error
  rs.initiate({ _id: 'suotdoi', members: hosts.map((host, _id) => ({ _id, host: `${host}:27017` })) })
}
while (!rs.status().members.some(({ stateStr }) => stateStr === 'PRIMARY')) sleep(200)
