import { adapterNamed } from './adapters.ts'
import { storageContract } from './storage-contract.ts'

await storageContract(adapterNamed('mongo'))
