// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaVault} from "../ITerraLuminaVault.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Store} from "./Store.sol";

/// @title The ledger's own roles, one for each address. Linked, because they are given rarely.
library Roles {
    /// @notice See {ITerraLuminaOwnership-setRole}.
    /// @dev The vault's is given once only, so it must not be lost to a slip: a vault says of which ledger it is.
    function set(Store storage store, address account, ILedgerTypes.Role role) external {
        if (account == address(0)) revert ILedgerErrors.InvalidRole(account, role);
        bool isVault = role == ILedgerTypes.Role.Vault;
        if (isVault || store.roles[account] == ILedgerTypes.Role.Vault) {
            if (store.hasVault) revert ILedgerErrors.VaultIsFixed(account);
            if (!_isVaultOf(address(this), account)) revert ILedgerErrors.InvalidRole(account, role);
            store.hasVault = true;
        }
        store.roles[account] = role;
        emit ILedgerEvents.RoleSet(account, role);
    }

    function _isVaultOf(address ledger, address account) private view returns (bool) {
        (bool success, bytes memory answer) = account.staticcall(abi.encodeCall(ITerraLuminaVault.ledger, ()));
        return success && answer.length == 32 && abi.decode(answer, (uint256)) == uint160(ledger);
    }
}
