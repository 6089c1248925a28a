// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TerraLuminaRegistrar} from "./TerraLuminaRegistrar.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {RegistrarHandler} from "./test/RegistrarHandler.sol";
import {vm} from "./test/Vm.sol";

/// @dev What must hold of accounts after any sequence of attestations. The handler checks each outcome besides.
contract RegistrarInvariants is LedgerWorld {
    TerraLuminaRegistrar private registrar;
    RegistrarHandler private handler;

    function setUp() public {
        registrar = new TerraLuminaRegistrar(address(manager), ledger);
        book.follow(address(registrar));
        ledger.setRole(address(registrar), ILedgerTypes.Role.Registrar);
        handler = new RegistrarHandler(this, registrar);
        ledger.setRole(vm.addr(handler.IDENTITY_KEY()), ILedgerTypes.Role.IdentityAttestor);
        manager.grantRole(manager.ADMIN_ROLE(), address(handler), 0);
        book.read();
        // Dates must be possible: chains of tests begin early.
        vm.warp(timeNow() + 365 days);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_AnInvestorHasOneActiveWalletOrNone() public view {
        for (uint64 id = 1; id <= handler.INVESTORS(); ++id) {
            uint256 count = 0;
            for (uint256 i = 0; i < handler.ADDRESSES(); ++i) {
                address account = handler.addressAt(i);
                ILedgerTypes.Account memory record = ledger.accountOf(account);
                if (record.investorId != id || record.expiry == 0 || record.flags & 16 != 0) continue;
                ++count;
                require(handler.active(id) == account, "another wallet");
            }
            require(count == (handler.active(id) == address(0) ? 0 : 1), "wallets");
            require(registrar.isActive(id) == (count == 1), "active");
            require(registrar.lastIssuedAt(id) == handler.issued(id), "issued");
            book.check(address(registrar), abi.encodeCall(registrar.isActive, (id)));
            book.check(address(registrar), abi.encodeCall(registrar.lastIssuedAt, (id)));
        }
    }

    function invariant_AnAddressIsItsFirstInvestorsForEver() public view {
        for (uint256 i = 0; i < handler.ADDRESSES(); ++i) {
            address account = handler.addressAt(i);
            ILedgerTypes.Account memory record = ledger.accountOf(account);
            require(record.investorId == handler.owner(account), "investor");
            require((record.flags & 16 != 0) == handler.retired(account), "retired");
            book.check(address(ledger), abi.encodeCall(ledger.accountOf, (account)));
            book.check(address(ledger), abi.encodeCall(ledger.successorOf, (account)));
            book.check(address(ledger), abi.encodeCall(ledger.holdingOf, (PROJECT, account)));
        }
    }
}
