// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {LedgerWatch} from "./LedgerWatch.sol";
import {vm} from "./Vm.sol";

/// @dev What the administrator, and whoever signs an approval, may do at random: settings that bind nobody who acts here.
abstract contract SettingsHandler is LedgerWatch {
    uint256 internal constant OWNER_KEY = 0x0B5E55ED;

    function setRole(uint256 seed, uint8 role) external watched(Deed.Plain) {
        // There is one vault, for ever.
        ILedgerTypes.Role wanted = ILedgerTypes.Role(role % 9);
        if (wanted == ILedgerTypes.Role.Vault) wanted = ILedgerTypes.Role.None;
        ledger.setRole(officerAt(seed), wanted);
        require(ledger.roleOf(officerAt(seed)) == wanted, "role");
    }

    function describe(bytes32 hash, bool second, uint8 luck) external watched(Deed.Plain) {
        uint24 id = second ? SECOND : PROJECT;
        bool allowed = hash != 0 && !ledger.projectOf(id).metadataFrozen;
        if (allowed) ledger.setMetadata(id, hash, luck % 2 == 0 ? "ipfs://y" : "ipfs://z");
        if (allowed && luck % 16 == 0) ledger.freezeMetadata(id);
    }

    /// @dev Of the project that nobody mints; nobody here lives in a country that is blocked.
    function limit(uint56 units, uint256 blocked, bool second) external watched(Deed.Plain) {
        ledger.setDailyMintCap(SECOND, units % CAP);
        ledger.setBlockedCountries(second ? SECOND : PROJECT, [blocked, 0, 0, blocked]);
    }

    function allowToken(bool allowed) external watched(Deed.Plain) {
        vault.setTokenAllowed(address(fickle), allowed);
    }

    /// @dev Used in order, each once.
    function permit(uint256 seed, bool approved, uint8 luck) external watched(Deed.Plain) {
        address owner = permitter();
        uint256 nonce = ledger.nonces(owner);
        bool isNext = luck % 4 != 0;
        bytes memory signature = _permitOf(owner, officerAt(seed), approved, isNext ? nonce : nonce + 1);
        try ledger.permitForAll(owner, officerAt(seed), approved, type(uint256).max, signature) {
            require(isNext && ledger.nonces(owner) == nonce + 1, "an approval out of order");
        } catch {
            require(!isNext, "an approval was refused");
            forget();
        }
    }

    function officerAt(uint256 seed) public pure returns (address) {
        return address(uint160(0x0FF1CE0 + seed % 3));
    }

    function permitter() public pure returns (address) {
        return vm.addr(OWNER_KEY);
    }

    function _permitOf(address owner, address operator, bool approved, uint256 nonce)
        private
        view
        returns (bytes memory)
    {
        bytes32 kind = keccak256("PermitForAll(address owner,address operator,bool approved,uint256 nonce,uint256 deadline)");
        bytes32 what = keccak256(abi.encode(kind, owner, operator, approved, nonce, type(uint256).max));
        (, string memory name, string memory version, uint256 chainId, address contract_,,) = ledger.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)), keccak256(bytes(version)), chainId, contract_
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, keccak256(abi.encodePacked("\x19\x01", domain, what)));
        return abi.encodePacked(r, s, v);
    }
}
