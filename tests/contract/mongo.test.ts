import { adapterNamed } from './adapters.ts'
import { storageContract } from './storage-contract.ts'

storageContract(adapterNamed('mongo'))
