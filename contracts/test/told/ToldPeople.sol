// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ITerraLuminaRegistrar} from "../../ITerraLuminaRegistrar.sol";
import {ToldNonces} from "../../access/ToldNonces.sol";
import {ILedgerEvents} from "../../ledger/ILedgerEvents.sol";
import {ILedgerTypes} from "../../ledger/ILedgerTypes.sol";
import {Vm} from "../Vm.sol";

function addressIn(bytes32 topic) pure returns (address) {
    return address(uint160(uint256(topic)));
}

/// @dev Accounts, roles and approvals, as the events of ledger and registrar alone tell them.
abstract contract ToldPeople {
    bool public paused;
    mapping(address => ILedgerTypes.Role) public roleOf;
    mapping(address => address) public successorOf;
    mapping(address owner => mapping(address operator => bool)) public isApprovedForAll;
    mapping(address => uint256) public nonces;
    /// @dev The registrar's: until when attestations for an investor are void, and whether a wallet is active.
    mapping(uint64 investorId => uint40) public lastIssuedAt;
    mapping(uint64 investorId => bool) public isActive;
    mapping(address => ILedgerTypes.Account) private _accounts;

    function accountOf(address account) public view returns (ILedgerTypes.Account memory) {
        return _accounts[account];
    }

    function readPeople(Vm.Log memory line) internal {
        bytes32 kind = line.topics[0];
        if (kind == ILedgerEvents.AccountSet.selector) {
            (uint8 flags, uint40 expiry, uint16 country, uint8 class) =
                abi.decode(line.data, (uint8, uint40, uint16, uint8));
            _accounts[addressIn(line.topics[1])] =
                ILedgerTypes.Account(flags, expiry, country, class, uint64(uint256(line.topics[2])));
        } else if (kind == ILedgerEvents.RoleSet.selector) {
            roleOf[addressIn(line.topics[1])] = abi.decode(line.data, (ILedgerTypes.Role));
        } else if (kind == ILedgerEvents.WalletRelinked.selector) {
            successorOf[addressIn(line.topics[2])] = addressIn(line.topics[3]);
        } else if (kind == IERC1155.ApprovalForAll.selector) {
            isApprovedForAll[addressIn(line.topics[1])][addressIn(line.topics[2])] = abi.decode(line.data, (bool));
        } else if (kind == ToldNonces.NonceUsed.selector) {
            nonces[addressIn(line.topics[1])] = abi.decode(line.data, (uint256)) + 1;
        } else if (
            kind == ITerraLuminaRegistrar.AccountAttested.selector
                || kind == ITerraLuminaRegistrar.AccountRevoked.selector
        ) {
            uint64 investorId = uint64(uint256(line.topics[1]));
            lastIssuedAt[investorId] = abi.decode(line.data, (uint40));
            isActive[investorId] = kind == ITerraLuminaRegistrar.AccountAttested.selector;
        } else if (kind == ILedgerEvents.Paused.selector || kind == ILedgerEvents.Unpaused.selector) {
            paused = kind == ILedgerEvents.Paused.selector;
        }
    }
}
